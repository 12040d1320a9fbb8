// @ts-check
// `npm run check`: types, lint, layers, format and unused exports, up to the first that fails. `npm test` begins with it.
import { isMain } from './is-main.mjs'
import { runStep } from './run-step.mjs'

/** Each step, and what Node runs for it. Caches are in node_modules, and know their own versions. */
const STEPS = [
  ['type check', 'node_modules/typescript/bin/tsc', '--noEmit'],
  ['type check of the page', 'node_modules/typescript/bin/tsc', '-p', 'web', '--noEmit'],
  ['lint', 'node_modules/eslint/bin/eslint.js', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '.'],
  [
    'layers',
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.mjs',
    'src',
    'functions',
    'dev',
    'web',
  ],
  ['format', 'node_modules/prettier/bin/prettier.cjs', '--cache', '--check', '.'],
  ['unused exports', 'node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints', '--no-tag-hints'],
  [
    'exports that only tests or dev/ use, and do not say so',
    'node_modules/knip/bin/knip.js',
    '--no-progress',
    '--no-config-hints',
    '--no-tag-hints',
    '--production',
  ],
]

export function check() {
  for (const [name = '', ...command] of STEPS) runStep(name, process.execPath, command)
}

if (isMain(import.meta.url)) check()
