/**
 * A program of its own, started by espeak-wasm.ts and never imported: it runs the WASM build of espeak-ng,
 * which is GPL-3.0-or-later, and hands on what comes out. Standard input is one line of JSON: the module's
 * URL, espeak's arguments, and where espeak leaves a file to be handed on, if any.
 */
import { text } from 'node:stream/consumers';

interface Order {
  module: string;
  args: string[];
  file: string | null;
}

interface EspeakModule {
  default: (options: {
    arguments: string[];
    print: (line: string) => void;
    printErr: (line: string) => void;
  }) => Promise<{ FS: { readFile(path: string): Uint8Array } }>;
}

const order = JSON.parse(await text(process.stdin)) as Order;
const { default: espeak } = (await import(order.module)) as EspeakModule;
const lines: string[] = [];
const complaints: string[] = [];
const instance = await espeak({
  arguments: order.args,
  print: (line) => lines.push(line),
  printErr: (line) => complaints.push(line),
});
try {
  process.stdout.write(order.file === null ? `${lines.join('\n')}\n` : instance.FS.readFile(order.file));
} catch (error) {
  // No file: espeak said why.
  process.stderr.write(`${complaints.join('\n')}\n${String(error)}\n`);
  process.exitCode = 1;
}
