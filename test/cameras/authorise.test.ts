import { describe, expect, it } from 'vitest';
import { authorise } from '../../server/cameras/relays/authorise.js';

describe('answering a challenge', () => {
  // The example of RFC 7616, section 3.9.1.
  const credentials = { username: 'Mufasa', password: 'Circle of Life' };
  const request = { method: 'GET', uri: '/dir/index.html' };
  const clientNonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
  const challenge = (algorithm: string) =>
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

  it('knows MD5', () => {
    const answer = authorise([challenge('MD5')], credentials, request, clientNonce)!;
    expect(answer).toContain('response="8ca523f5e9506fed4657c9700eebdbec"');
    expect(answer).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
  });

  it('prefers SHA-256', () => {
    const challenges = [challenge('MD5'), challenge('SHA-256')];
    const answer = authorise(challenges, credentials, request, clientNonce)!;
    expect(answer).toContain('response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"');
  });

  it('answers cameras that know no qop', () => {
    const old = 'Digest realm="camera", nonce="abc"';
    const answer = authorise(
      [old],
      { username: 'a', password: 'b' },
      { method: 'DESCRIBE', uri: 'rtsp://c/1' },
    )!;
    expect(answer).not.toContain('qop');
    expect(answer).toMatch(
      /^Digest username="a", realm="camera", nonce="abc", uri="rtsp:\/\/c\/1", response="[0-9a-f]{32}"$/,
    );
  });

  it('takes Basic where there is nothing better', () => {
    const both = ['Basic realm="x"', 'Digest realm="camera", nonce="abc"'];
    expect(authorise(both, credentials, request)).toMatch(/^Digest/);
    expect(authorise(['Basic realm="x"'], { username: 'a', password: 'ü:1' }, request)).toBe(
      `Basic ${Buffer.from('a:ü:1').toString('base64')}`,
    );
  });

  it('gives up where it knows none', () => {
    expect(authorise(['Negotiate'], credentials, request)).toBeNull();
    expect(authorise([], credentials, request)).toBeNull();
    expect(
      authorise(['Digest realm="x", nonce="1", algorithm=SHA-512-256'], credentials, request),
    ).toBeNull();
  });
});
