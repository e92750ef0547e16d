import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createLog } from '../../server/base/log.js';
import type { FeedMessage } from '../../server/events/event.js';
import { createFeed, feedLimits, type Feed } from '../../server/outlets/feed.js';
import { MemoryHistory } from '../fixtures/history.js';

let history: MemoryHistory;
let feed: Feed;
let url: string;
let logged: string[];
let close: () => Promise<void>;

beforeEach(async () => {
  history = new MemoryHistory();
  logged = [];
  const log = createLog({
    ...{ level: 'warn', readable: false },
    destination: new Writable({
      write(line: Buffer, _encoding, done) {
        logged.push(line.toString());
        done();
      },
    }),
  });
  feed = createFeed(history, log, { ...feedLimits, unreadBytes: 200_000, replayStallMs: 1_000 });
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    const since = new URL(request.url!, 'http://localhost').searchParams.get('since');
    feed.accept(socket, since === null ? null : Number(since), request.socket.remoteAddress);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = async () => {
    await feed.close();
    sockets.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
});
afterEach(() => close());

/** A client that keeps what it gets and can wait for a number of messages. */
async function client(query = '') {
  const socket = new WebSocket(url + query);
  const messages: FeedMessage[] = [];
  socket.on('message', (data) => messages.push(JSON.parse((data as Buffer).toString()) as FeedMessage));
  const closed = once(socket, 'close') as Promise<[number, Buffer]>;
  await once(socket, 'open');
  const got = (count: number) => expect.poll(() => messages.length, { timeout: 10_000 }).toBe(count);
  return {
    socket,
    messages,
    closed,
    got,
    seqs: () => messages.map((each) => ('seq' in each ? each.seq : each.type)),
  };
}

const announce = (camera?: string, padding?: number) => feed.send(history.add(camera, padding));

describe('the event feed', () => {
  test('sends what happens from now on, in order', async () => {
    announce();
    const desk = await client();
    await expect.poll(() => feed.clients).toBe(1);
    announce();
    announce();
    await desk.got(2);
    expect(desk.seqs()).toEqual([2, 3]);
    expect(feed.sent).toBe(2);
  });

  test('replays what was missed, once, however much goes on meanwhile', async () => {
    for (let count = 0; count < 500; count++) announce();
    const desk = await client('?since=100');
    for (let count = 0; count < 500; count++) {
      announce();
      if (count % 50 === 0) await new Promise(setImmediate);
    }
    await desk.got(900);
    expect(feed.sent).toBe(900);
    expect(desk.seqs()).toEqual(Array.from({ length: 900 }, (_, index) => 101 + index));
  });

  test('says what the journal no longer has, and goes on with what it has', async () => {
    for (let count = 0; count < 10; count++) announce();
    history.forget(6);
    const desk = await client('?since=2');
    await desk.got(5);
    expect(desk.messages[0]).toEqual({ type: 'feed.gap', since: 2, oldest: 7, missed: 4 });
    expect(desk.seqs().slice(1)).toEqual([7, 8, 9, 10]);
  });

  test('passes over what cannot be read back, and over nothing that comes while it tries', async () => {
    for (let count = 0; count < 3; count++) announce();
    history.events.pop();
    const read = history.since.bind(history);
    let times = 0;
    history.since = async function* (seq) {
      times += 1;
      // The journal hands out what there is when it is asked.
      if (times === 1) announce();
      else yield* read(seq);
    };
    const desk = await client('?since=2');
    await desk.got(1);
    expect(desk.seqs()).toEqual([4]);
    announce();
    await desk.got(2);
    expect(desk.seqs()).toEqual([4, 5]);
  });

  test('a client from before a new journal is told so and gets all of it', async () => {
    announce();
    announce();
    const desk = await client('?since=9000');
    await desk.got(3);
    expect(desk.seqs()).toEqual(['feed.gap', 1, 2]);
  });

  test('a client with the newest event gets nothing twice', async () => {
    announce();
    const desk = await client('?since=1');
    await expect.poll(() => feed.clients).toBe(1);
    announce();
    await desk.got(1);
    expect(desk.seqs()).toEqual([2]);
  });

  test('a client filters by type and camera', async () => {
    const desk = await client();
    desk.socket.send(JSON.stringify({ type: 'filter', cameras: ['gate'] }));
    await expect
      .poll(() => {
        announce('door');
        announce('gate');
        return desk.messages.length;
      })
      .toBeGreaterThan(3);
    const after = desk.messages.slice(2);
    expect(new Set(after.map((each) => ('camera' in each ? each.camera : '')))).toEqual(new Set(['gate']));
  });

  test('words that cannot be understood get an answer with a code, too many end the connection', async () => {
    const desk = await client();
    for (const words of ['hello', '{"type":"filter","colour":"red"}', '[1]']) desk.socket.send(words);
    await desk.got(3);
    expect(desk.messages[0]).toMatchObject({ type: 'feed.error', code: 'FEED_MESSAGE_INVALID' });
    for (let count = 0; count < 10; count++) desk.socket.send(Buffer.from([1, 2, 3]));
    expect((await desk.closed)[0]).toBe(1008);
  });

  test('a client that never reads is cut off, counted, and disturbs nobody', async () => {
    const healthy = await client();
    const deaf = await deafClient();
    await expect.poll(() => feed.clients).toBe(2);
    let count = 0;
    for (; count < 2_000 && feed.cutOff === 0; count++) {
      announce('door', 20_000);
      if (count % 10 === 0) await new Promise(setImmediate);
    }
    expect(feed.cutOff).toBe(1);
    await healthy.got(count);
    expect(feed.clients).toBe(1);
    const told = logged.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told).toMatchObject([
      { code: 'FEED_TOO_SLOW', client: 2, from: 'this machine', phase: 'live', seq: count, behind: 0 },
    ]);
    expect(told[0]['unreadBytes']).toBeGreaterThan(200_000);
    deaf.destroy();
  });

  test('a client that stops reading during its replay is cut off too', async () => {
    for (let count = 0; count < 1_000; count++) announce('door', 20_000);
    const deaf = await deafClient('/?since=0');
    await expect.poll(() => feed.cutOff, { timeout: 10_000 }).toBe(1);
    deaf.destroy();
  });

  test('closing tells every client', async () => {
    const desk = await client();
    await expect.poll(() => feed.clients).toBe(1);
    await feed.close();
    expect((await desk.closed)[0]).toBe(1001);
  });
});

/** A real socket that shakes hands and then never reads again. */
async function deafClient(path = '/'): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  );
  await once(socket, 'data');
  socket.pause();
  return socket;
}
