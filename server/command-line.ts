import { Command, CommanderError, Option } from 'commander';
import { errorCodes } from './base/errors.js';
import { logLevels } from './base/log-levels.js';
import { version } from './base/version.js';
import type { AdaptOptions } from './commands/adapt.js';
import type { CalibrateOptions } from './commands/calibrate.js';
import type { BenchAccuracyOptions } from './commands/bench-accuracy.js';
import type { CommonOptions } from './commands/options.js';
import { runCommand } from './commands/run-command.js';
import { engineNames } from './faces/engine.js';

/**
 * Runs the command that the process was called with, to its exit code.
 *
 * @param stop aborted once the process is asked to stop; only `start` heeds it
 */
export async function commandLine(stop: AbortSignal): Promise<void> {
  // `gatehouse calibrate | head`: whoever reads has seen enough, and that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  // Nobody reads the complaints either: the exit code still tells.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

  // Commands are loaded when they are run: help must not wait for engines.
  const program = new Command('gatehouse')
    .description(
      'Real-time face recognition for the security desk: cameras in, names with distances out, spoken aloud.',
    )
    .version(version)
    .showHelpAfterError('(add --help for what there is)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .addOption(
      new Option('-c, --config <file>', 'cameras and everything else that can be set').default(
        'streams.config.json',
      ),
    )
    .addOption(
      new Option('-d, --data <folder>', 'where people, events and snapshots are kept')
        .default('data')
        .env('GATEHOUSE_DATA'),
    )
    .addOption(
      new Option('--log-level <level>', 'how much is logged; a running server takes PUT /api/log-level')
        .choices(logLevels)
        .default('info')
        .env('GATEHOUSE_LOG_LEVEL'),
    )
    .addHelpText(
      'after',
      `
A first look:
  gatehouse start                 run the cameras of streams.config.json, desk on http://127.0.0.1:8080
  gatehouse check                 is the configuration right, does every camera answer?
  gatehouse doctor                what would run here: ffmpeg, engines, networks, voices, and why
  gatehouse enrol skuli.jpg       teach it a face (--name "Ada Lovelace", --dry-run)
  gatehouse adapt                 learn to tell the enrolled apart better, where that can be shown
  gatehouse calibrate             is the threshold right for the people that are enrolled?

Environment:
  GATEHOUSE_TOKEN                 secret that programs and desks must know; needed to listen on anything but loopback
  FFMPEG_PATH                     ffmpeg to use instead of the system's or the one that comes along

Exit codes: 0 done, 64 wrong usage, 65 bad data, 66 input missing, 69 something needed is not available,
  70 a defect, 73 or 74 files cannot be written, 77 no permission, 78 wrong configuration. Every error is in docs/errors.md.`,
    );

  program
    .command('start')
    .description('run the cameras and the desk until stopped')
    .option('-p, --port <number>', 'port of the desk (0: any free one); overrides the configuration')
    .option('--host <address>', 'address to listen on; anything but loopback needs GATEHOUSE_TOKEN')
    .action((own: { port?: string; host?: string }) =>
      runCommand(async () => {
        // Until the command is loaded there is nothing to put away.
        const leave = (): never => process.exit(0);
        if (stop.aborted) return 0;
        stop.addEventListener('abort', leave);
        const { start } = await import('./commands/start.js');
        stop.removeEventListener('abort', leave);
        return start({ ...common(), ...own }, stop);
      }),
    );

  program
    .command('check')
    .description('validate the configuration and try every camera once')
    .option('--json', 'the result as JSON')
    .option('--no-cameras', 'validate only')
    .action((own: { json?: boolean; cameras: boolean }) =>
      runCommand(async () => (await import('./commands/check.js')).check({ ...common(), ...own })),
    );

  program
    .command('doctor')
    .description('say which ffmpeg, engines, networks and voices this machine has, and why')
    .option('--json', 'the result as JSON')
    .option('--anew', 'measure the engines again')
    .action((own: { json?: boolean; anew?: boolean }) =>
      runCommand(async () => (await import('./commands/doctor.js')).doctor({ ...common(), ...own })),
    );

  program
    .command('enrol')
    .description('check photos and put them into the people folder; a running server picks them up')
    .argument('<photos...>', 'JPEG, PNG, WebP or AVIF, one face each')
    .option('-n, --name <name>', 'who it is; left out: the name of the file')
    .option('--dry-run', 'check the photos, change nothing')
    .action((photos: string[], own: { name?: string; dryRun?: boolean }) =>
      runCommand(async () => (await import('./commands/enrol.js')).enrol(photos, { ...common(), ...own })),
    );

  const bench = program.command('bench').description('measure: how well a network tells people apart');
  bench
    .command('accuracy')
    .description('judge a network by pairs of pictures, through the same steps that enrolment takes')
    .requiredOption('--pairs <file>', 'csv lines a,b,same[,fold], or the pairs.txt of LFW as it is')
    .requiredOption('--root <folder>', 'where the paths in the list start')
    .option('--model <name>', 'network: see gatehouse models', 'dlib-resnet')
    .addOption(
      new Option('--engine <name>', 'what runs the network')
        .choices(['auto', ...engineNames])
        .default('auto'),
    )
    .option('--by-folder', 'figures for each folder too, however many there are')
    .option('--plot <file>', 'FAR and FRR against the threshold, and the distances, as .svg or .png')
    .option('--json', 'the result as JSON: docs/accuracy.md explains it')
    .addHelpText(
      'after',
      `
LFW, as it is officially judged (images below lfw/Name/Name_0001.jpg):
  gatehouse bench accuracy --pairs pairs.txt --root lfw --plot lfw.svg

Each picture is embedded once. Of several faces the one nearest the centre counts. A pair in which a face is
not found counts as different people; the figures without such pairs stand beside. A picture that cannot be
read is named, its pairs are left out, and the exit code says so.`,
    )
    .action((own: Omit<BenchAccuracyOptions, keyof CommonOptions>) =>
      runCommand(async () =>
        (await import('./commands/bench-accuracy.js')).benchAccuracy({ ...common(), ...own }),
      ),
    );

  program
    .command('calibrate')
    .description('what your own enrolled photos say about the threshold, and a better one')
    .option(
      '--far <share>',
      'wanted false accept rate of one comparison: 0.001 is one in a thousand',
      '0.001',
    )
    .option('--visits <file>', 'csv lines visit,person: who came; empty or ? for somebody nobody knows')
    .addOption(new Option('--apply', 'use the suggested threshold from the next start on').conflicts('undo'))
    .option('--undo', 'go back to the threshold before')
    .option('--plot <file>', 'FAR and FRR against the threshold, and the distances, as .svg or .png')
    .option('--json', 'the result as JSON: docs/accuracy.md explains it')
    .addHelpText(
      'after',
      `
Compares every enrolled photo with every other person, as a stranger would be, and with its own person's other
photos. Says how much that proves: with one photo a person it cannot tell how often people are missed. Works
while a server runs. A threshold in the configuration wins over the calibrated one.`,
    )
    .action((own: Omit<CalibrateOptions, keyof CommonOptions>) =>
      runCommand(async () => (await import('./commands/calibrate.js')).calibrate({ ...common(), ...own })),
    );

  program
    .command('adapt')
    .description(
      "learn from this gallery's people how to tell them apart better, and keep it if it is better",
    )
    .option('--visits <file>', 'CSV lines visit,person: who came; a person left empty or ? is nobody known')
    .option('--far <share>', 'false accept rate at which misses are compared', '0.001')
    .option('--seed <number>', 'another draw of folds and triplets', '1')
    .option('--dry-run', 'measure, change nothing')
    .option('--undo', 'take the latest adaptation back')
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      `
Needs 5 people with at least 2 photos each, better 20 with 5. A small projection of the embeddings is trained by
triplet loss and judged by cross-validation; only if it misses fewer people at the same false accept rate, beyond
noise, is it kept, in the data folder. It takes effect at the server's next start. See docs/decisions/adaptation.md.`,
    )
    .action((own: Omit<AdaptOptions, keyof CommonOptions>) =>
      runCommand(async () => (await import('./commands/adapt.js')).adapt({ ...common(), ...own })),
    );

  const models = program
    .command('models')
    .description('the networks: what there is, importing and removing your own');
  models
    .command('list', { isDefault: true })
    .description('every network with its purpose, weights and licence')
    .option('--json', 'the result as JSON')
    .action((own: { json?: boolean }) =>
      runCommand(async () => (await import('./commands/models.js')).listModels({ ...common(), ...own })),
    );
  models
    .command('import')
    .description('take a network or weights of yours')
    .addHelpText(
      'after',
      `
openface: the CSV files of FaceNet nn4.small2 as Keras-OpenFace has them in its weights folder.
tfjs: a TensorFlow.js graph or layers model that makes embeddings of faces, with a manifest that says how to
  prepare a picture for it and where its threshold lies: docs/models.md.`,
    )
    .argument('<layout>', 'what lies there: openface or tfjs')
    .argument('<path>', 'the folder, or the model.json')
    .option('-m, --manifest <file>', 'manifest of a tfjs model; left out: gatehouse.json beside it')
    .action((layout: string, path: string, own: { manifest?: string }) =>
      runCommand(async () =>
        (await import('./commands/models.js')).importModel(layout, path, { ...common(), ...own }),
      ),
    );
  models
    .command('remove')
    .description('forget an imported network')
    .argument('<name>', 'its name')
    .action((name: string) =>
      runCommand(async () => (await import('./commands/models.js')).removeModelCommand(name, common())),
    );

  function common(): CommonOptions {
    return program.opts<CommonOptions>();
  }

  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : errorCodes.USAGE;
  }
}
