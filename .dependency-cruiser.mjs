// The layers of the design, from the bottom up: what a folder may know. `npm run check` proves them; test/layers.test.ts proves this file.
const LAYERS = {
  domain: [],
  defender: ['domain'],
  store: ['domain', 'config'],
  sources: ['domain', 'defender'],
  sync: ['domain', 'defender', 'store', 'sources', 'config', 'schedule'],
  history: ['domain', 'store'],
  catalogue: ['domain', 'defender', 'store', 'config'],
  edge: ['domain', 'defender', 'store', 'sources', 'sync', 'history', 'config'],
  http: ['edge', 'domain', 'defender', 'store', 'sync', 'history', 'config'],
  feed: ['edge', 'domain', 'store', 'history'],
  page: ['edge', 'http', 'config', 'domain'],
  config: ['domain', 'defender', 'schedule'],
  schedule: [],
}

/** The composition root: it makes what the layers work with, and only who acts for a tenant may know it. */
const ROOT = '^src/(program|open-tenant)\\.ts$'
const FOR_A_TENANT = ['sync', 'edge', 'http', 'feed', 'page']
/** Files beside the folders that know nothing of the project. */
const GROUND =
  '^src/(answer-log-events|catalogue-log-events|clock|each-at-once|export-log-events|is-loopback|lean-heap|log-event|log-events|parse-json|read-text|redact-error|sample-log-events)\\.ts$'

const folders = Object.keys(LAYERS)
const within = (names) => `^src/(${names.join('|')})/`

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...folders.map((folder) => ({
      name: `${folder}-knows-only-what-is-below`,
      severity: 'error',
      from: { path: within([folder]) },
      to: { path: within(folders.filter((other) => other !== folder && !LAYERS[folder].includes(other))) },
    })),
    {
      name: 'domain-imports-nothing-of-the-rest',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { path: '^(src|functions|dev|test)/', pathNot: '^src/domain/' },
    },
    {
      name: 'the-root-is-known-by-who-acts-for-a-tenant',
      severity: 'error',
      from: { path: within(folders.filter((folder) => !FOR_A_TENANT.includes(folder))) },
      to: { path: ROOT },
    },
    {
      name: 'the-ground-knows-nothing',
      comment: 'But for more of itself.',
      severity: 'error',
      from: { path: GROUND },
      to: { path: '^(src|functions|dev|test)/', pathNot: GROUND },
    },
    {
      name: 'src-knows-no-functions-tests-or-tools',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(functions|dev|test|web)/' },
    },
    {
      name: 'the-browser-knows-no-server',
      comment: 'It takes types, and pure rules of the domain: what is bundled with it goes out to everybody.',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(src|functions|dev|test)/', pathNot: '^src/domain/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'functions-know-edges-and-the-tick', severity: 'error', from: { path: '^functions/' }, to: { path: '^(dev|test)/' } },
    {
      name: 'the-oracle-knows-no-rule-of-the-program',
      comment: 'What it expects would be wrong in the same way. Its process that runs the program is the only one to know it.',
      severity: 'error',
      from: { path: '^dev/oracle/', pathNot: '^dev/oracle/app-process\\.ts$' },
      to: { path: '^src/' },
    },
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules)/' },
  },
}
