import { expect, test } from 'vitest';
import { splitLogin } from '../../server/cameras/credentials.js';

test('credentials are taken out of the address, decoded', () => {
  const login = splitLogin({ url: 'rtsp://desk:p%40ss@10.0.0.5/stream' });
  expect(login.camera.href).toBe('rtsp://10.0.0.5/stream');
  expect(login).toMatchObject({ username: 'desk', password: 'p@ss', credentials: true });
  expect(login.secrets).toEqual(['p@ss', 'p%40ss']);
});

test('those beside the address win, and both passwords stay secret', () => {
  const login = splitLogin({ url: 'http://a:old@cam/video', username: 'b', password: 'new' });
  expect(login).toMatchObject({ username: 'b', password: 'new' });
  expect(login.secrets).toEqual(['new', 'old']);
});

test('a percent sign that is no escape is taken as it stands', () => {
  expect(splitLogin({ url: 'rtsp://desk:100%zz@cam/' }).password).toBe('100%zz');
});

test('no credentials, no secrets', () => {
  expect(splitLogin({ url: 'rtsp://cam/' })).toMatchObject({ credentials: false, secrets: [] });
});
