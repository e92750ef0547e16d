import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PYTHON } from '../../scripts/install-gstreamer.mjs';

/** GStreamer's RTSP server as a camera: a process of its own that can be killed, stopped and told to misbehave. */
export class GstreamerCamera {
  readonly #login: readonly string[];
  #port = 0;
  #process: ChildProcessWithoutNullStreams | null = null;
  #lines: Interface | null = null;

  /** @param login user name and password, where it is to ask for them */
  constructor(...login: [] | [string, string]) {
    this.#login = login;
  }

  url(path: 'h264' | 'h265' | 'bframes'): string {
    return `rtsp://127.0.0.1:${this.#port}/${path}`;
  }

  /** Starts, on the port it had before if it ran before. */
  async start(): Promise<this> {
    this.#port ||= await freePort();
    const program = fileURLToPath(new URL('./camera.py', import.meta.url));
    this.#process = spawn(PYTHON, [program, `${this.#port}`, ...this.#login]);
    this.#process.stderr.pipe(process.stderr);
    this.#process.stdin.on('error', () => undefined);
    this.#lines = createInterface(this.#process.stdout);
    await once(this.#lines, 'line');
    return this;
  }

  /** Sends a command of camera.py and waits until it is done. */
  async tell(command: string): Promise<void> {
    this.#process!.stdin.write(`${command}\n`);
    await once(this.#lines!, 'line');
  }

  /** As an operating system does: SIGSTOP, SIGCONT. */
  signal(signal: NodeJS.Signals): void {
    this.#process!.kill(signal);
  }

  async kill(): Promise<void> {
    const running = this.#process;
    if (!running) return;
    this.#process = null;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}
