// @ts-check
// The page's files, as they are served: one script, one style sheet, an icon, each named by its content, and the shell that names them.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from '../run-step.mjs'

const web = join(root, 'web')

/** What src/page/ imports; the bundler of the app and that of the tests both take it from here. */
export const PAGE_FILES = 'virtual:page-files'

/**
 * @typedef {{ path: string, type: string, etag: string, gzip: string }} PageFile `gzip` is base64
 */

/**
 * @typedef {object} Page
 * @property {PageFile[]} files the shell first, whose path is empty
 * @property {import('esbuild').Metafile} metafile of script and style; paths in it are from the root of the repository
 */

/** @returns {Promise<Page>} */
export async function buildPage() {
  const { assets, metafile } = await bundle()
  const named = (/** @type {string} */ ending) => assets.find(({ path }) => path.endsWith(ending))?.path ?? ''
  const shell = readFileSync(join(web, 'index.html'), 'utf8')
    .replace('{icon}', named('.svg'))
    .replace('{style}', named('.css'))
    .replace('{script}', named('.js'))
  return { files: [fileOf('', 'text/html; charset=utf-8', Buffer.from(shell)), ...assets], metafile }
}

async function bundle() {
  const { build } = await import('esbuild')
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    metafile: true,
    entryPoints: { page: join(web, 'main.tsx'), style: join(web, 'style/index.css') },
    bundle: true,
    write: false,
    outdir: web,
    format: 'esm',
    target: ['chrome109', 'firefox115', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
  const icon = readFileSync(join(web, 'icon.svg'))
  const assets = [
    ...outputFiles.map(({ path, contents }) =>
      path.endsWith('.css')
        ? hashed('style', '.css', 'text/css; charset=utf-8', contents)
        : hashed('page', '.js', 'text/javascript; charset=utf-8', contents),
    ),
    hashed('icon', '.svg', 'image/svg+xml', icon),
  ]
  return { assets, metafile }
}

/**
 * @param {string} name
 * @param {string} ending
 * @param {string} type
 * @param {Uint8Array} contents
 */
const hashed = (name, ending, type, contents) => fileOf(`assets/${name}-${hashOf(contents)}${ending}`, type, contents)

/** @param {Uint8Array} contents */
const hashOf = (contents) => createHash('sha256').update(contents).digest('base64url').slice(0, 12)

/**
 * @param {string} path
 * @param {string} type
 * @param {Uint8Array} contents
 * @returns {PageFile}
 */
function fileOf(path, type, contents) {
  // Weak, as the same file goes out compressed and as it is.
  return { path, type, etag: `W/"${hashOf(contents)}"`, gzip: gzipSync(contents, { level: 9 }).toString('base64') }
}

/** @param {Page} page */
const sourceOf = ({ files }) => `export default ${JSON.stringify(files)}`

/**
 * For the bundler of the app.
 * @param {Page} page
 * @returns {import('esbuild').Plugin}
 */
export const pageFiles = (page) => ({
  name: 'page-files',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^${PAGE_FILES}$`) }, ({ path }) => ({ path, namespace: 'page-files' }))
    onLoad({ filter: /.*/, namespace: 'page-files' }, () => ({ contents: sourceOf(page), loader: 'js' }))
  },
})

/**
 * For the tests, which run the sources.
 * @returns {import('vite').Plugin}
 */
export const pageFilesInTests = () => ({
  name: 'page-files',
  resolveId: (id) => (id === PAGE_FILES ? `\0${PAGE_FILES}` : undefined),
  load: async (id) => (id === `\0${PAGE_FILES}` ? sourceOf(await buildPage()) : undefined),
})
