import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { knowEngines } from '../fixtures/measured-engines.js';
import { PRODUCT, productFolder } from '../fixtures/product.js';

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command line to its end. */
function gatehouse(args: string[], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [PRODUCT, ...args],
      { env: { ...process.env, NODE_OPTIONS: '', ...environment }, timeout: 60_000 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}

const folders: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await folder.remove();
});

async function given(config: unknown) {
  const folder = await productFolder(config);
  folders.push(folder);
  return { ...folder, common: ['--config', folder.config, '--data', folder.data] };
}

const demo = { cameras: [{ id: 'entrance', source: { kind: 'demo', scene: 'entrance' } }] };

test('a reader that has seen enough, as `gatehouse models | head`, is no failure', async () => {
  const child = spawn(process.execPath, [PRODUCT, 'models', 'list', '--json'], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(said).toBe('');
});

describe('--help teaches', () => {
  test('the program, its commands, environment and exit codes', async () => {
    const { code, stdout } = await gatehouse(['--help']);
    expect(code).toBe(0);
    for (const word of [
      'start',
      'check',
      'doctor',
      'enrol',
      'bench',
      'calibrate',
      'adapt',
      'models',
      'GATEHOUSE_TOKEN',
      'FFMPEG_PATH',
      'Exit codes',
    ]) {
      expect(stdout).toContain(word);
    }
  });

  test.each(['start', 'check', 'doctor', 'enrol', 'bench', 'calibrate', 'adapt', 'models'])(
    '%s explains itself',
    async (command) => {
      const { code, stdout } = await gatehouse([command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: gatehouse ${command}`);
      expect(stdout).toContain('--config');
    },
  );

  test('a command that does not exist is wrong usage', async () => {
    const { code, stderr } = await gatehouse(['recognise']);
    expect(code).toBe(64);
    expect(stderr).toContain("unknown command 'recognise'");
  });
});

describe('what cannot start says why, with its code', () => {
  test('no configuration', async () => {
    const { code, stderr } = await gatehouse(['start', '--config', '/nowhere/streams.config.json']);
    expect(code).toBe(78);
    expect(stderr).toContain('CONFIG_NOT_FOUND');
  });

  test('an unknown key, with the nearest one', async () => {
    const { common } = await given({ cameras: [{ ...demo.cameras[0], tresholt: 0.4 }] });
    const { code, stderr } = await gatehouse(['start', ...common]);
    expect(code).toBe(78);
    expect(stderr).toContain('cameras[0].tresholt: unknown key; did you mean "threshold"?');
  });

  test('an address that lets others in, without a token', async () => {
    const { common } = await given(demo);
    const { code, stderr } = await gatehouse(['start', ...common, '--host', '0.0.0.0'], {
      GATEHOUSE_TOKEN: '',
    });
    expect(code).toBe(78);
    expect(stderr).toContain('CONFIG_TOKEN_REQUIRED');
    expect(stderr).toContain('GATEHOUSE_TOKEN');
  });

  test('a port that is taken', async () => {
    const { common } = await given(demo);
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)),
    );
    const { code, stderr } = await gatehouse(['start', ...common, '--port', String(port)]);
    other.close();
    expect(code).toBe(69);
    expect(stderr).toContain(`PORT_IN_USE: port ${port}`);
  });

  test('an ffmpeg that is none', async () => {
    const { common } = await given(demo);
    const { code, stderr } = await gatehouse(['start', ...common, '--port', '0'], {
      FFMPEG_PATH: '/nowhere/ffmpeg',
    });
    expect(code).toBe(69);
    expect(stderr).toContain('FFMPEG_BROKEN');
    expect(stderr).toContain('/nowhere/ffmpeg');
  });

  test('weights that were never imported', async () => {
    const { common } = await given({ ...demo, recognition: { network: 'facenet-nn4' } });
    const { code, stderr } = await gatehouse(['start', ...common, '--port', '0']);
    expect(code).toBe(66);
    expect(stderr).toContain('MODEL_MISSING');
    expect(stderr).toContain('gatehouse models import openface');
  });

  test('a data folder that is a file', async () => {
    const { common, data } = await given(demo);
    await writeFile(data, 'not a folder');
    const { code, stderr } = await gatehouse(['start', ...common, '--port', '0']);
    expect(code).toBe(73);
    expect(stderr).toContain('DATA_NOT_WRITABLE');
  });
});

describe('the other commands', () => {
  test('check validates and tries every camera, and says which does not answer', async () => {
    const { common } = await given({
      cameras: [
        {
          id: 'gone',
          source: { kind: 'rtsp', url: 'rtsp://127.0.0.1:9/cam', username: 'desk', password: 'hush-hush' },
        },
      ],
    });
    const { code, stdout, stderr } = await gatehouse(['check', ...common]);
    expect(code).toBe(69);
    expect(stdout).toContain('gone (rtsp): CAMERA_UNREACHABLE');
    expect(stdout + stderr).not.toContain('hush-hush');
  });

  test('doctor says what would run', async () => {
    const { common } = await given(demo);
    const { code, stdout } = await gatehouse(['doctor', ...common, '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as {
      ffmpeg: { path: string };
      engines: { name: string; version: string | null; reason: string | null }[];
      networks: { name: string; weights: string }[];
    };
    expect(report.ffmpeg.path).toMatch(/ffmpeg/);
    expect(report.engines.find((engine) => engine.name === 'onnx')?.version).toBeTruthy();
    for (const engine of report.engines) expect(engine.version ?? engine.reason).toBeTruthy();
    expect(report.networks.find((network) => network.name === 'dlib-resnet')?.weights).toBe('ready');
  });

  test('models lists every network with its licence', async () => {
    const { common } = await given(demo);
    const { code, stdout } = await gatehouse(['models', ...common]);
    expect(code).toBe(0);
    for (const word of ['dlib-resnet', 'facenet-nn4', 'MIT', 'Apache-2.0']) expect(stdout).toContain(word);
  });

  test('importing from an empty folder names what is missing', async () => {
    const { common, people } = await given(demo);
    const { code, stderr } = await gatehouse(['models', 'import', 'openface', people, ...common]);
    expect(code).toBe(65);
    expect(stderr).toContain('MODEL_INCOMPLETE');
  });

  test('enrolling a photo of nobody is refused with the reason', async () => {
    const { common, folder, data } = await given(demo);
    await knowEngines(data);
    const photo = join(folder, 'wall.png');
    const { default: sharp } = await import('sharp');
    await sharp({ create: { width: 640, height: 480, channels: 3, background: '#789' } })
      .png()
      .toFile(photo);
    const { code, stdout } = await gatehouse(['enrol', photo, ...common]);
    expect(code).toBe(65);
    expect(stdout).toContain('PHOTO_NO_FACE');
  });
});
