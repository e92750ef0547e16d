import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../server/config.js';

const read = (path: string): string => readFileSync(path, 'utf8');
const dockerfile = read('Dockerfile');
const unit = read('deploy/gatehouse.service');
const docs = read('docs/operations/deployment.md');
const compose = parse(read('compose.yaml')) as {
  services: { gatehouse: Record<string, unknown> & { ports: string[]; volumes: string[]; env_file: string } };
  volumes: Record<string, unknown>;
};
const service = compose.services.gatehouse;
const packageJson = JSON.parse(read('package.json')) as {
  bin: { gatehouse: string };
  scripts: Record<string, string>;
};

/** The words of every line that begins with an instruction. */
const instructions = (name: string): string[] =>
  [...dockerfile.matchAll(new RegExp(`^(?:  && )?${name} (.*)$`, 'gm'))].map(([, words]) => words);

describe('the Dockerfile', () => {
  it('copies what is in this repository, and what .dockerignore lets through', () => {
    const allowed = [...read('.dockerignore').matchAll(/^!(.*)$/gm)].map(([, path]) => path);
    for (const path of allowed) expect(existsSync(path), path).toBe(true);
    const ours = instructions('COPY')
      .filter((words) => !words.startsWith('--from'))
      .flatMap((words) => words.split(' ').slice(0, -1))
      .filter((path) => path !== '.');
    expect(ours.length).toBeGreaterThan(4);
    for (const path of ours) {
      expect(existsSync(path), path).toBe(true);
      expect(allowed, path).toContain(path.split('/')[0]);
    }
    // The build itself reads these.
    for (const path of ['server', 'models', 'dashboard', 'tsconfig.build.json'])
      expect(allowed).toContain(path);
  });

  it('starts the program that package.json names, on the port that it exposes and checks', () => {
    const [entry] = instructions('ENTRYPOINT');
    expect(entry).toContain(`/app/${packageJson.bin.gatehouse}`);
    const [port] = instructions('EXPOSE');
    expect(
      configSchema.parse({ cameras: [{ id: 'a', source: { kind: 'demo', scene: 'x' } }] }).server.port,
    ).toBe(Number(port));
    expect(dockerfile).toContain(`"--port", "${port}"`);
    expect(dockerfile).toMatch(new RegExp(`HEALTHCHECK .*healthcheck\\.mjs", "${port}"`));
    expect(service.ports).toEqual([`${port}:${port}`]);
  });

  it('runs as nobody who may do more, by number', () => {
    expect(instructions('USER')).toEqual(['10001:10001']);
  });
});

describe('compose.yaml', () => {
  it('mounts what the image declares, and the volumes that it names are there', () => {
    const mounted = service.volumes.map((volume) => volume.split(':'));
    expect(mounted.map(([, target]) => target).sort()).toEqual(
      (JSON.parse(instructions('VOLUME')[0]) as string[]).sort(),
    );
    for (const [source] of mounted)
      if (!source.startsWith('.')) expect(Object.keys(compose.volumes)).toContain(source);
  });

  it('restarts, is read-only and has no rights to gain', () => {
    expect(service).toMatchObject({
      restart: 'unless-stopped',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });
});

describe('the systemd unit', () => {
  it('starts the program that package.json names, with options that it has', () => {
    const command = /^ExecStart=(.*)$/m.exec(unit)![1];
    expect(command).toContain(`/opt/gatehouse/${packageJson.bin.gatehouse} start`);
    const options = [...command.matchAll(/--([a-z-]+)/g)].map(([, name]) => name);
    const known = read('server/command-line.ts') + read('server/commands/options.ts');
    for (const option of options) expect(known).toMatch(new RegExp(`--${option}[ <]`));
  });

  it('does not promise signs of life that the product does not give', () => {
    expect(unit).not.toMatch(/^(WatchdogSec|Type=notify)/m);
  });
});

describe('docs/operations/deployment.md', () => {
  it('names files of this repository and links that lead somewhere', () => {
    for (const [, path] of docs.matchAll(/\]\((?!http|#)([^)#]+)/g))
      expect(existsSync(`docs/operations/${path}`), path).toBe(true);
    for (const [path] of docs.matchAll(/(?<!test\/)\bdeploy\/[a-z-]+\.[a-z.]+[a-z]/g))
      expect(existsSync(path), path).toBe(true);
  });

  it('names every variable of the example, and the file that compose reads', () => {
    for (const [, name] of read('deploy/gatehouse.env.example').matchAll(/^([A-Z_]+)=/gm))
      expect(docs).toContain(name);
    expect(docs).toContain(service.env_file);
  });
});

describe('the health check', () => {
  const check = (port: number, token?: string): Promise<{ code: number; said: string }> =>
    new Promise((resolve) => {
      const { GATEHOUSE_TOKEN: _, ...environment } = process.env;
      execFile(
        process.execPath,
        ['deploy/healthcheck.mjs', String(port)],
        { env: { ...environment, ...(token === undefined ? {} : { GATEHOUSE_TOKEN: token }) } },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
      );
    });

  it('is well where the server answers, and says why where it does not', async () => {
    const server = createServer((request, response) => {
      const may = request.url === '/health' && request.headers.authorization === 'Bearer secret';
      response.statusCode = may ? 200 : 401;
      response.end(JSON.stringify(may ? { status: 'degraded' } : { code: 'HTTP_UNAUTHORISED' }));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await check(port, 'secret')).toEqual({ code: 0, said: 'degraded\n' });
    expect(await check(port)).toEqual({ code: 1, said: '401 HTTP_UNAUTHORISED\n' });
    await new Promise((resolve) => server.close(resolve));
    expect((await check(port, 'secret')).code).toBe(1);
  });
});
