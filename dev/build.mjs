// @ts-check
// `npm run build`: bundles functions/index.ts to dist/main.js, so that the root of the repository is a function app.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withDeployedPackageJson } from './deployed-package-json.mjs'
import { englishOnly } from './english-only.mjs'
import { isMain } from './is-main.mjs'
import { noticesOf } from './notices.mjs'
import { buildPage, PAGE_FILES, pageFiles } from './page/build-page.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Ships with the bundle, whose packages' licences ask for it. */
const NOTICES = 'THIRD-PARTY-NOTICES.txt'

/** More is a dependency that came in unseen: a cold start reads what every function needs, and fetches all of it. */
export const largest = { startBytes: 2 * 1024 * 1024, bytes: 2.5 * 1024 * 1024 }

// The worker provides it through CommonJS `require`; a copy in the bundle would be another registry.
const external = ['@azure/functions-core']

/**
 * @typedef {object} Bundle
 * @property {{ path: string, contents: Uint8Array }[]} files scripts, their source maps, legal texts and the notices
 * @property {number} bytes size of the scripts
 * @property {import('esbuild').Metafile} metafile of the app and of the page in it; paths are from the root of the repository
 */

/**
 * Bundles in memory. The names of chunks are made of their source maps too, and so of where the sources are as seen from `outdir`.
 * @param {{ entry?: string, outdir?: string }} [options] entry module, and the folder that `main.js` is for
 * @returns {Promise<Bundle>} rejects where the bundle is not fit for deployment
 */
export async function bundle({ entry = join(root, 'functions/index.ts'), outdir = join(root, 'dist') } = {}) {
  const { build: runBundler } = await import('esbuild')
  const page = await buildPage()
  const { metafile: own, outputFiles } = await runBundler({
    write: false,
    absWorkingDir: root,
    entryPoints: [entry],
    outdir,
    entryNames: 'main',
    chunkNames: 'chunk-[hash]',
    bundle: true,
    external,
    plugins: [withDeployedPackageJson, englishOnly, pageFiles(page)],
    platform: 'node',
    target: 'node20.18',
    format: 'esm',
    // What is imported with `await import()` is read only when it is first needed.
    splitting: true,
    minify: true,
    legalComments: 'linked',
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    // CommonJS packages in the bundle call `require` for what Node and the worker provide.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  })
  // Whether the page's packages are in a bundle is for its script to say: to the bundler the page is one text.
  const holdsPage = Object.keys(own.inputs).some((path) => path.endsWith(PAGE_FILES))
  const metafile = holdsPage ? withInputs(own, page.metafile) : own
  const notices = { path: join(outdir, NOTICES), contents: Buffer.from(noticesOf(root, metafile)) }
  const bytes = outputFiles.filter(({ path }) => path.endsWith('.js')).reduce((sum, { contents }) => sum + contents.length, 0)
  const problems = [
    ...findProblems(metafile),
    ...tooLarge('it has', bytes, largest.bytes),
    ...tooLarge('a start reads', startBytes(own), largest.startBytes),
  ]
  if (problems.length > 0) throw new Error(`The bundle is not fit for deployment: ${problems.join('; ')}.`)
  return { files: [...outputFiles, notices], bytes, metafile }
}

/** @param {string} what @param {number} bytes @param {number} most */
const tooLarge = (what, bytes, most) => (bytes > most ? [`${what} ${bytes} bytes, of at most ${most}`] : [])

/**
 * What is read before the first call: the script, and those that it imports, and they. What is imported by `await import()` is not.
 * @param {import('esbuild').Metafile} metafile
 */
export function startBytes({ outputs }) {
  const paths = new Set(Object.keys(outputs).filter((path) => path.endsWith('main.js')))
  for (const path of paths) {
    for (const { kind, path: imported, external: isExternal } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && !isExternal) paths.add(imported)
    }
  }
  return [...paths].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0)
}

/**
 * @param {import('esbuild').Metafile} one
 * @param {import('esbuild').Metafile} other
 * @returns {import('esbuild').Metafile}
 */
const withInputs = (one, other) => ({ inputs: { ...one.inputs, ...other.inputs }, outputs: { ...one.outputs, ...other.outputs } })

/**
 * @param {{ entry?: string, outdir?: string }} [options] entry module, and the folder for `main.js`; what an earlier build left there goes
 * @returns {Promise<{ bytes: number, files: string[] }>} size and paths of the JavaScript written
 */
export async function build({ entry, outdir = join(root, 'dist') } = {}) {
  const { files, bytes } = await bundle({ ...(entry !== undefined && { entry }), outdir })
  replaceFiles(outdir, files)
  return { bytes, files: files.map(({ path }) => path).filter((path) => path.endsWith('.js')) }
}

/**
 * Makes a folder hold these files. Each is replaced as a whole and only if it differs, so that an app that runs from the folder, or another
 * build of the same sources, never meets half a file.
 * @param {string} folder
 * @param {{ path: string, contents: Uint8Array }[]} files
 */
function replaceFiles(folder, files) {
  mkdirSync(folder, { recursive: true })
  for (const { path, contents } of files) if (!existsSync(path) || !readFileSync(path).equals(contents)) replaceFile(path, contents)
  const wanted = new Set(files.map(({ path }) => path))
  const left = readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => !wanted.has(path) && !path.endsWith('.unfinished'))
  for (const path of left) rmSync(path, { recursive: true, force: true })
}

/**
 * Puts a file in its place as a whole, so that nobody ever meets half of it.
 * @param {string} path
 * @param {Uint8Array} contents
 */
export function replaceFile(path, contents) {
  const unfinished = `${path}.${process.pid}.unfinished`
  writeFileSync(unfinished, contents)
  renameSync(unfinished, path)
}

/**
 * What would fail only in Azure, where there are no node_modules and the worker knows one copy of `@azure/functions`.
 * @param {import('esbuild').Metafile} metafile
 */
export function findProblems(metafile) {
  const copies = Object.keys(metafile.inputs).filter((path) =>
    /@azure\/functions\/package\.json$|@azure\/functions\/dist\/[^/]+\.js$/.test(path),
  )
  const provided = new Set([...builtinModules, ...external])
  const missing = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ path, external: isExternal }) => isExternal && !path.startsWith('node:') && !provided.has(path))
    .map(({ path }) => path)
  return [
    ...(copies.length > 1 ? [`it holds ${copies.length} copies of @azure/functions (${copies.join(', ')})`] : []),
    ...[...new Set(missing)].map((path) => `it needs "${path}", which is not in it`),
  ]
}

if (isMain(import.meta.url)) {
  const startedAt = performance.now()
  const { bytes, files } = await build()
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`built ${files.map((path) => relative(root, path)).join(', ')}: ${(bytes / 1024).toFixed(0)} KiB in ${seconds} s`)
}
