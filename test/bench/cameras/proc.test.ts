import { describe, expect, it } from 'vitest';
import { machineTime, parseMachineTime, parsePss, parseStat, processMemory, processTime } from './proc.js';

describe('what /proc tells', () => {
  it('reads processor times behind a name with spaces and brackets', () => {
    const stat =
      '4711 (a (odd) name) S 1 4711 4711 0 -1 4194560 900 8000 0 3 250 50 700 30 20 0 11 0 12345 1000000 500';
    expect(parseStat(stat)).toEqual({ own: 3, ended: 7.3 });
  });

  it('reads the proportional set size in MiB', () => {
    const rollup =
      '00400000-7ffe [rollup]\nRss:               90112 kB\nPss:               65536 kB\nPss_Anon: 1 kB\n';
    expect(parsePss(rollup)).toBe(64);
    expect(() => parsePss('Rss: 1 kB\n')).toThrow('no Pss');
  });

  it('counts waiting as idle, and guests once', () => {
    const stat = 'cpu  100 20 30 1000 50 5 10 15 99 1\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
    expect(parseMachineTime(stat)).toEqual({ busy: 1.8, all: 12.3 });
  });

  it.runIf(process.platform === 'linux')('knows this very process', async () => {
    const { user, system } = process.cpuUsage();
    const time = (await processTime(process.pid))!;
    expect(Math.abs(time.own - (user + system) / 1e6)).toBeLessThan(0.5);
    expect(await processMemory(process.pid)).toBeGreaterThan(10);
    expect((await machineTime()).all).toBeGreaterThan(time.own);
  });

  it.runIf(process.platform === 'linux')('says of a process that is gone that it is', async () => {
    expect(await processTime(2 ** 22 + 1)).toBeNull();
    expect(await processMemory(2 ** 22 + 1)).toBeNull();
  });
});
