import { expect, it } from 'vitest';
import { startProgress } from '../../server/commands/progress.js';
import { fakeClock } from '../fixtures/fake-clock.js';

function watched(isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
  return { written, stream };
}

it('draws a bar for a person, ten times a second at most, and clears it', () => {
  const { written, stream } = watched(true);
  const clock = fakeClock();
  const progress = startProgress('embedding', 10, clock, stream);
  clock.advance(1000);
  progress.step(5);
  progress.step(6);
  expect(written).toEqual([`\r\u001B[Kembedding ${'█'.repeat(14)}${'░'.repeat(14)} 5 of 10, 1 s left`]);
  progress.end();
  expect(written.at(-1)).toBe('\r\u001B[K');
});

it('writes a plain line now and then for a log', () => {
  const { written, stream } = watched(false);
  const clock = fakeClock();
  const progress = startProgress('embedding', 1000, clock, stream);
  for (let done = 1; done <= 25; done += 1) {
    clock.advance(1000);
    progress.step(done);
  }
  progress.end();
  expect(written).toEqual(['embedding: 10 of 1000, 17 min left\n', 'embedding: 20 of 1000, 16 min left\n']);
});
