import { describe, expect, test } from 'vitest';
import { redactText, redactValue } from '../../server/base/redact.js';

describe('redactText', () => {
  test.each([
    ['rtsp://admin:pw@10.0.0.9:554/s', 'rtsp://***@10.0.0.9:554/s'],
    ['rtsp://admin@10.0.0.9/s', 'rtsp://***@10.0.0.9/s'],
    ['rtsp://admin:p@ss@10.0.0.9/s', 'rtsp://***@10.0.0.9/s'],
    ['rtsp://admin:p/s?s#s@10.0.0.9/s', 'rtsp://***@10.0.0.9/s'],
    ['rtsp://admin:p"s\'s@10.0.0.9/s', 'rtsp://***@10.0.0.9/s'],
    ['RTSPS://a:b@h and http://c:d@i', 'RTSPS://***@h and http://***@i'],
    ["[tcp @ 0x55] 'rtsp://a:b@h/1': 401 Unauthorized", "[tcp @ 0x55] 'rtsp://***@h/1': 401 Unauthorized"],
    ['http://h/x?user=a&password=b&c=d', 'http://h/x?user=a&password=***&c=d'],
    ['http://h/x?access_token=abc', 'http://h/x?access_token=***'],
    ['Authorization: Basic YWJj', 'Authorization: Basic ***'],
    ['"authorization":"Digest username=x"', '"authorization":"Digest ***"'],
    ['Bearer abcdefgh.ijk', 'Bearer ***'],
  ])('%s', (text, clean) => expect(redactText(text)).toBe(clean));

  test.each([
    'http://127.0.0.1:8080/people/ada@example.org',
    'http://h/a@b',
    'mail ada@example.org',
    'the bearer of news, the token of love, 12:30',
    'C:\\data\\journal and /var/lib/gatehouse',
    'rtsp://10.0.0.9:554/stream?channel=1&subtype=0',
  ])('leaves alone: %s', (text) => expect(redactText(text)).toBe(text));

  test('known secrets go wherever they stand, percent-encoded too', () => {
    expect(redactText('login p&ss w0rd, p%26ss%20w0rd', ['p&ss w0rd'])).toBe('login ***, ***');
  });

  test('a secret that holds another goes as a whole', () => {
    expect(redactText('use abcdefgh', ['abcd', 'abcdefgh'])).toBe('use ***');
  });

  test('a short secret goes as a word, not out of other words', () => {
    expect(redactText('pin 12, at 2012-12-01: 12', ['12'])).toBe('pin ***, at 2012-***-01: ***');
    expect(redactText('a.b axb', ['a.b'])).toBe('*** axb');
  });

  test('an empty secret changes nothing', () => expect(redactText('abc', [''])).toBe('abc'));

  test('hostile text takes no time worth speaking of', () => {
    // Of the processor: on a busy machine the clock tells of others.
    const began = process.cpuUsage();
    redactText('a://'.repeat(20_000));
    redactText(`a://${':'.repeat(50_000)}`);
    redactText('authorization'.repeat(5000));
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(2000);
  });
});

test('redactValue reaches everything and changes nothing else', () => {
  const value = {
    list: ['rtsp://a:b@h', 1, null, true],
    password: 'x',
    PASSWORD: null,
    nested: { mqttPassword: { a: 1 }, api_key: 'y', passwordless: 'yes' },
  };
  expect(redactValue(value)).toEqual({
    list: ['rtsp://***@h', 1, null, true],
    password: '[redacted]',
    PASSWORD: null,
    nested: { mqttPassword: '[redacted]', api_key: '[redacted]', passwordless: 'yes' },
  });
});
