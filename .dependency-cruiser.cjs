/**
 * The floor plan of docs/architecture.md: a folder imports only what stands above it, and base/.
 * `npm run check:floor-plan` and test/floor-plan.test.ts hold it.
 */
const BASE = '^server/base/';

/** A folder may import itself, base/, npm packages and Node, and the `above` patterns; nothing else of ours. */
const floor = (name, from, above = []) => ({
  name: `floor-plan/${name}`,
  comment: `${name} may import only: ${[...above, 'itself', 'server/base'].join(', ')}`,
  severity: 'error',
  from: { path: from },
  to: { path: '^(server|models|dashboard)/', pathNot: [from, BASE, ...above] },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@tensorflow/tfjs-node|^espeak-ng' },
    },
    {
      name: 'only-compose-reads-config',
      comment:
        'config.ts is read by compose.ts, main.ts and the commands; every other part is handed its options',
      severity: 'error',
      from: {
        path: '^server/',
        pathNot: '^server/(config|config/.*|compose|compose/.*|main|commands/.*)(\\.ts|$)',
      },
      to: { path: '^server/config' },
    },
    floor('models', '^models/'),
    floor('base', '^server/base/'),
    floor('events', '^server/events/'),
    floor('frames', '^server/frames/'),
    floor('demo', '^server/demo/'),
    floor('training', '^server/training/'),
    floor('cameras', '^server/cameras/', ['^server/frames/(frame|video)\\.ts$', '^server/demo/']),
    floor('faces', '^server/faces/', ['^server/frames/(frame|to-rgb)\\.ts$', '^models/']),
    floor('identities', '^server/identities/', ['^server/faces/face\\.ts$', '^server/frames/frame\\.ts$']),
    floor('visits', '^server/visits/', [
      '^server/identities/',
      '^server/events/',
      '^server/faces/face\\.ts$',
      '^server/frames/frame\\.ts$',
    ]),
    floor('evaluation', '^server/evaluation/'),
    floor('speech', '^server/speech/'),
    floor('greetings', '^server/greetings/', ['^server/events/']),
    floor('outlets', '^server/outlets/', ['^server/events/', '^server/frames/(frame|to-rgb|video)\\.ts$']),
    floor('metrics', '^server/metrics/', ['^server/events/event\\.ts$']),
    floor('http', '^server/http/', [
      '^server/events/',
      '^server/identities/',
      '^server/outlets/outlet\\.ts$',
    ]),
    floor('dashboard', '^dashboard/', ['^server/events/']),
    {
      name: 'floor-plan/pipeline',
      comment: 'pipeline.ts knows the stages and their contracts, never concrete classes',
      severity: 'error',
      from: { path: '^server/pipeline(\\.ts$|/)' },
      to: {
        path: '^server/(compose|main|config|commands|http|demo|speech|evaluation|metrics|faces/(engines|start)|cameras/sources|identities/stores|outlets)',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
