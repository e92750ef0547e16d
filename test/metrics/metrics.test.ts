import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { GatehouseEvent } from '../../server/events/event.js';
import { readExposition, type ExposedMetric } from '../fixtures/exposition.js';
import { metricsHouse } from '../fixtures/metrics-house.js';

type House = Awaited<ReturnType<typeof metricsHouse>>;

const running: House[] = [];
afterEach(async () => {
  for (const house of running.splice(0)) await house.close();
});

async function open(...cameraIds: string[]): Promise<House> {
  const house = await metricsHouse(cameraIds);
  running.push(house);
  return house;
}

const read = async ({ metrics }: House): Promise<Map<string, ExposedMetric>> =>
  readExposition((await metrics.expose()).text);

/** Value of the series with exactly these labels; undefined where there is none. */
function value(metrics: Map<string, ExposedMetric>, name: string, labels: Record<string, string> = {}) {
  const base = name.replace(/_(sum|count)$/, '');
  const metric = metrics.get(`gatehouse_${metrics.has(`gatehouse_${base}`) ? base : name}`);
  const same = (one: Record<string, string>) =>
    Object.keys(one).length === Object.keys(labels).length &&
    Object.entries(labels).every(([key, wanted]) => one[key] === wanted);
  return metric?.samples.find((sample) => sample.name === `gatehouse_${name}` && same(sample.labels))?.value;
}

const visit = (type: string, camera: string, latencyMs: number) =>
  ({
    ...{ type, camera, latencyMs, person: { id: 'skuli', name: 'Skuli Karlsson' } },
  }) as unknown as GatehouseEvent;

describe('the metrics', () => {
  test('are those that docs/operations.md explains, each with its type', async () => {
    const documented = Object.fromEntries(
      [...readFileSync('docs/operations.md', 'utf8').matchAll(/^\| `(gatehouse_\w+)`\s*\| (\w+)\s*\|/gm)].map(
        ([, name, type]) => [name, type],
      ),
    );
    const told = [...(await read(await open('door'))).values()];
    expect(told.length).toBeGreaterThan(40);
    expect(documented).toEqual(Object.fromEntries(told.map(({ name, type }) => [name, type])));
  });

  test('carry only labels that are bounded', async () => {
    const house = await open('door');
    house.metrics.counters.worked([{ camera: 'door' }], { stages: [1, 1, 1, 1, 1], pictures: [5] });
    house.metrics.counters.lost('door', 'engine', 'ENGINE_FAILED');
    house.metrics.counters.announced(visit('visit.started', 'door', 1), 0);
    const names = [...(await read(house)).values()].flatMap(({ samples }) =>
      samples.flatMap(({ labels }) => Object.keys(labels)),
    );
    const known = ['camera', 'code', 'engine', 'le', 'network', 'stage', 'state', 'version', 'where'];
    expect([...new Set(names)].sort()).toEqual(known);
  });

  test('tell what the parts say at that moment', async () => {
    const house = await open('door', 'gate');
    const [door, gate] = house.cameras;
    for (let frame = 0; frame < 5; frame++) door.slot.publish();
    gate.set({ state: 'reconnecting', fps: 0 });
    (gate.restarts as Map<string, number>).set('CAMERA_DROPPED', 3);
    house.journal.failing = { code: 'DISK_FULL', reason: 'the disk is full', waiting: 7 };
    const metrics = await read(house);
    expect(value(metrics, 'frames_received_total', { camera: 'door' })).toBe(5);
    expect(value(metrics, 'frames_dropped_total', { camera: 'door', where: 'slot', code: 'overtaken' })).toBe(
      4,
    );
    expect(value(metrics, 'camera_state', { camera: 'door', state: 'live' })).toBe(1);
    expect(value(metrics, 'camera_state', { camera: 'gate', state: 'live' })).toBe(0);
    expect(value(metrics, 'camera_state', { camera: 'gate', state: 'reconnecting' })).toBe(1);
    expect(value(metrics, 'camera_restarts_total', { camera: 'gate', code: 'CAMERA_DROPPED' })).toBe(3);
    expect(value(metrics, 'camera_waiting_seconds', { camera: 'door' })).toBeGreaterThan(0);
    expect(value(metrics, 'camera_waiting_seconds', { camera: 'gate' })).toBe(0);
    expect(value(metrics, 'journal_failing')).toBe(1);
    expect(value(metrics, 'journal_waiting_events')).toBe(7);
    expect(value(metrics, 'worker_busy_seconds_total')).toBe(3.5);
    expect(value(metrics, 'feed_events_sent_total')).toBe(99);
    expect(value(metrics, 'gallery_people')).toBe(10);
    expect(value(metrics, 'problems')).toBe(1);
    expect(value(metrics, 'data_disk_size_bytes')).toBeGreaterThan(1e6);
    expect(value(metrics, 'process_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(Math.abs(value(metrics, 'process_start_time_seconds')! - Date.now() / 1000)).toBeLessThan(3600);
    // Asked a second time, nothing is counted twice.
    expect(value(await read(house), 'frames_received_total', { camera: 'door' })).toBe(5);
  });

  test('time what the pipeline tells, in seconds, by camera and stage', async () => {
    const house = await open('door', 'gate');
    const { counters } = house.metrics;
    counters.looked('door', 'whole', true);
    counters.looked('door', 'skipped', false);
    counters.worked([{ camera: 'door' }, { camera: 'gate' }], {
      stages: [0.04, 0.01, 0.002, 0.03, 0],
      pictures: [0.06, 0.022],
    });
    counters.worked([{ camera: 'door' }], { stages: [0.02, 0, 0, 0, 0], pictures: [0.02] });
    counters.searched(2);
    counters.recognised('door', 80);
    counters.lost('door', 'gallery', 'GALLERY_FAILED');
    counters.announced(visit('visit.started', 'door', 70), 5);
    counters.announced(visit('visit.ended', 'door', 4_000), 5);
    counters.announced({ type: 'photo.refused', code: 'PHOTO_NO_FACE' } as GatehouseEvent, 5);
    house.journal.writes.next(3);
    const metrics = await read(house);
    const door = { camera: 'door' };
    expect(value(metrics, 'frames_moved_total', door)).toBe(1);
    expect(value(metrics, 'frames_skipped_total', door)).toBe(1);
    expect(value(metrics, 'frames_looked_at_total', { ...door, where: 'whole' })).toBe(1);
    expect(value(metrics, 'frames_recognised_total', door)).toBe(2);
    expect(value(metrics, 'camera_recognition_seconds_total', door)).toBeCloseTo(0.08, 9);
    expect(value(metrics, 'camera_recognition_seconds_total', { camera: 'gate' })).toBeCloseTo(0.022, 9);
    expect(value(metrics, 'batch_frames_sum')).toBe(3);
    const stage = (name: string) => ({ stage: name, engine: 'onnx-int8' });
    expect(value(metrics, 'recognition_stage_seconds_sum', stage('detect'))).toBeCloseTo(0.06, 9);
    expect(value(metrics, 'recognition_stage_seconds_count', stage('embed'))).toBe(1);
    expect(value(metrics, 'recognition_stage_seconds_count', stage('liveness'))).toBeUndefined();
    expect(value(metrics, 'gallery_search_seconds_sum')).toBeCloseTo(0.002, 9);
    expect(value(metrics, 'frame_to_faces_seconds_sum', door)).toBeCloseTo(0.08, 9);
    expect(value(metrics, 'frame_to_event_seconds_sum', door)).toBeCloseTo(0.075, 9);
    expect(value(metrics, 'visits_total', { ...door, state: 'ended' })).toBe(1);
    expect(value(metrics, 'photos_refused_total', { code: 'PHOTO_NO_FACE' })).toBe(1);
    expect(value(metrics, 'journal_write_seconds_sum')).toBeCloseTo(0.003, 9);
    expect(
      value(metrics, 'frames_dropped_total', { ...door, where: 'gallery', code: 'GALLERY_FAILED' }),
    ).toBe(1);
    // The desk's own figures get it too.
    expect(house.traffic.latency('door')).toEqual({ p50: 80, p95: 80 });
  });

  test('name nobody', async () => {
    const house = await open('door');
    for (const type of ['visit.started', 'visit.recognised', 'visit.ended', 'greeting', 'person.enrolled'])
      house.metrics.counters.announced(visit(type, 'door', 10), 1);
    const { text } = await house.metrics.expose();
    expect(text).toContain('gatehouse_visits_total{camera="door",state="recognised"} 1');
    expect(text).not.toMatch(/skuli|karlsson/i);
  });

  test('of a camera that is gone are gone, and those of the others stay', async () => {
    const house = await open('door', 'gate');
    const { counters } = house.metrics;
    for (const camera of ['door', 'gate']) {
      counters.looked(camera, 'whole', true);
      counters.worked([{ camera }], { stages: [0.04, 0, 0, 0, 0], pictures: [0.04] });
      counters.recognised(camera, 50);
      counters.lost(camera, 'engine', 'ENGINE_FAILED');
      counters.announced(visit('visit.started', camera, 70), 5);
    }
    const seriesOf = async (camera: string) =>
      [...(await read(house)).values()].flatMap(({ samples }) =>
        samples.filter(({ labels }) => labels['camera'] === camera),
      ).length;
    const before = await seriesOf('gate');
    expect(await seriesOf('door')).toBe(before);
    house.cameras.splice(0, 1);
    expect(await seriesOf('door')).toBe(0);
    // A frame that was still under way.
    counters.recognised('door', 60);
    counters.lost('door', 'gallery', 'GALLERY_FAILED');
    expect(await seriesOf('door')).toBe(0);
    expect(await seriesOf('gate')).toBe(before);
    expect(house.traffic.lostOf('door')).toBe(0);
  });

  test('of two houses in one process do not mix', async () => {
    const [one, other] = [await open('door'), await open('door')];
    one.metrics.counters.searched(1);
    expect(value(await read(one), 'gallery_search_seconds_count')).toBe(1);
    expect(value(await read(other), 'gallery_search_seconds_count')).toBe(0);
  });

  test('tell of every second how late the main thread was, whoever looks and however often', async () => {
    const house = await open('door');
    /** How many seconds were looked at, and in how many of them something waited for longer than a second. */
    const seconds = async () => {
      const metrics = await read(house);
      const all = value(metrics, 'event_loop_delay_seconds_count')!;
      const { samples } = metrics.get('gatehouse_event_loop_delay_seconds')!;
      return { all, late: all - samples.find(({ labels }) => labels['le'] === '1')!.value };
    };
    const until = performance.now() + 1_300;
    while (performance.now() < until);
    await expect.poll(seconds, { timeout: 10_000 }).toMatchObject({ late: 1 });
    // Once and no more, though others look and time goes on.
    await expect.poll(async () => (await seconds()).all, { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
    expect((await seconds()).late).toBe(1);
  });

  test('leave nothing running behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const house = await metricsHouse(['door']);
    expect(timers()).toBe(before + 1);
    await house.close();
    expect(timers()).toBe(before);
    expect(house.journal.writes.observed).toBe(false);
  });
});
