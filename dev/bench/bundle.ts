import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { largest } from '../build.mjs'
import type { Figure, Report } from './figure.ts'
import { inTurn } from './rounds.ts'

const ROUNDS = 9
const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/** What a cold start loads: size of the bundle, and the time to import it against that of the code as it is, importing node_modules. */
export async function measureBundle(report: Report): Promise<Figure[]> {
  const bundle = join(root, 'dist')
  // Inside the repository, so that packages are found as in an app that is deployed with its node_modules.
  const folder = mkdtempSync(join(root, 'node_modules/.patchtrail-bench-'))
  try {
    await transpileAll(folder)
    report(`${ROUNDS} rounds of importing each in a process of its own`)
    const bundled = join(bundle, 'main.js')
    const unbundled = join(folder, 'functions/index.js')
    await importMilliseconds(bundled)
    await importMilliseconds(unbundled)
    const { first, second, ratio } = await inTurn(
      ROUNDS,
      () => importMilliseconds(bundled),
      () => importMilliseconds(unbundled),
    )
    const bytes = bytesOfCode(bundle)
    return [
      {
        what: 'import of the bundle, against that of the code unbundled',
        measured: `${first.toFixed(0)} ms`,
        against: `${second.toFixed(0)} ms`,
        ratio,
        target: 'at most 0.4',
      },
      {
        what: 'size of the bundle, against the limit that the build keeps',
        measured: kilobytes(bytes),
        against: kilobytes(largest.bytes),
        ratio: bytes / largest.bytes,
        target: 'at most 1',
      },
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const kilobytes = (bytes: number) => `${Math.round(bytes / 1024)} KiB`

const bytesOfCode = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)

/** Every module of the app as JavaScript, each in a file of its own. */
async function transpileAll(folder: string): Promise<void> {
  const compilerOptions = {
    ...{ noEmit: false, noCheck: true, rewriteRelativeImportExtensions: true, removeComments: true },
    ...{ rootDir: root, outDir: folder },
  }
  const project = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['functions', 'src'].map((name) => join(root, name)) }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project))
  await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder])
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'))
}

/** Imports a module in a new process, which measures it itself: starting Node is not in it. */
async function importMilliseconds(path: string): Promise<number> {
  const code = `const startedAt = performance.now(); await import(${JSON.stringify(pathToFileURL(path).href)}); console.log(performance.now() - startedAt); process.exit(0)`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: root })
  return Number(stdout.trim().split('\n').at(-1))
}
