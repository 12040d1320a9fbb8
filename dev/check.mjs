// @ts-check
// `npm run check`: types, lint, layers, format and unused exports, side by side, up to the first that fails. `npm test` begins with it.
import { availableParallelism } from 'node:os'
import { isMain } from './is-main.mjs'
import { runSideBySide } from './side-by-side.mjs'

const KNIP = ['node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints', '--no-tag-hints']

/** Each step, and what Node runs for it; those that take longest begin first. Caches are in node_modules, and know their own versions. */
const STEPS = [
  { name: 'lint', args: ['node_modules/eslint/bin/eslint.js', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '.'] },
  { name: 'type check', args: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { name: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--cache', '--check', '.'] },
  { name: 'unused exports', args: KNIP },
  {
    name: 'layers',
    args: [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      ...['--config', '.dependency-cruiser.mjs', 'src', 'functions', 'dev', 'web'],
    ],
  },
  { name: 'type check of the page', args: ['node_modules/typescript/bin/tsc', '-p', 'web', '--noEmit'] },
  { name: 'exports that only tests or dev/ use, and do not say so', args: [...KNIP, '--production'] },
]

/** Ends the process where a step fails. */
export async function check() {
  const tell = (/** @type {import('./side-by-side.mjs').Ended} */ { name, output }) => process.stdout.write(`> ${name}\n${output}`)
  const failed = await runSideBySide(STEPS, { atOnce: availableParallelism(), tell })
  if (!failed) return
  console.error(`${failed.name} failed (exit code ${failed.code})`)
  process.exit(failed.code)
}

if (isMain(import.meta.url)) await check()
