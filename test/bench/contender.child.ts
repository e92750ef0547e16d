import type { Answer, Loaded, Question } from './contender.js';
import { loadEngine } from './engines.js';
import { loadFaceApi } from './peers/face-api.js';
import { loadHuman } from './peers/human.js';

// A contender's own process: loads what it is told to be, then runs one work after another and answers with the times.

let loaded: Loaded | null = null;

process.on('message', (question: Question) => {
  answer(question).then(say, (thrown: unknown) => {
    const reason = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0];
    say({ kind: 'failed', reason });
  });
});
process.on('disconnect', () => process.exit(0));

async function answer(question: Question): Promise<Answer> {
  if (question.kind === 'load') {
    const { spec, picture } = question;
    if (spec.kind === 'engine') loaded = await loadEngine(spec.engine, spec.threads, picture);
    else loaded = await (spec.kind === 'face-api' ? loadFaceApi : loadHuman)(spec.backend, picture);
    const { version, works, found, embedding } = loaded;
    return { kind: 'loaded', version, works: works.map(({ name }) => name), found, embedding };
  }
  const work = loaded!.works.find(({ name }) => name === question.work)!;
  const times: number[] = [];
  let timesItself = false;
  const before = process.cpuUsage();
  const until = performance.now() + question.ms;
  do {
    const start = performance.now();
    const own = await work.run();
    timesItself ||= own !== undefined;
    times.push(own ?? performance.now() - start);
  } while (performance.now() < until);
  const { user, system } = process.cpuUsage(before);
  return { kind: 'times', times, cpuMs: timesItself ? null : (user + system) / 1000 / times.length };
}

function say(message: Answer): void {
  process.send!(message);
}
