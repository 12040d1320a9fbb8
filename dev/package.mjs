// @ts-check
// `npm run package`: build/patchtrail.zip, which a release publishes and a deployment sends as it is, and its bill of materials. Same
// commit, same bytes.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { bundle, replaceFile } from './build.mjs'
import { deployedPackageJson } from './deployed-package-json.mjs'
import { ensureInstalled } from './install.mjs'
import { requireSupportedNode } from './node-version.mjs'
import { isMain } from './is-main.mjs'
import { root } from './run-step.mjs'
import { sbomOf } from './sbom.mjs'

/** @typedef {{ name: string, contents: Uint8Array }} PackageFile its name has slashes and begins at the root of the package */

/**
 * Writes `patchtrail.zip` and, as `patchtrail.cdx.json`, its bill of materials. Where that fails neither is left, so that nobody sends an
 * older one.
 * @param {string} [folder]
 * @returns {Promise<{ path: string, bytes: number, sha256: string, files: PackageFile[] }>}
 */
export async function writePackage(folder = join(root, 'build')) {
  const path = join(folder, 'patchtrail.zip')
  const billPath = join(folder, 'patchtrail.cdx.json')
  for (const older of [path, billPath]) rmSync(older, { force: true })
  const { zipOf } = await import('./zip.mjs')
  const bundled = await bundle()
  const files = packageFiles(bundled)
  const zip = zipOf(files)
  const sha256 = createHash('sha256').update(zip).digest('hex')
  const bill = sbomOf(bundled.metafile, sha256)
  mkdirSync(folder, { recursive: true })
  replaceFile(billPath, Buffer.from(bill))
  replaceFile(path, zip)
  return { path, bytes: zip.length, sha256, files }
}

/**
 * What a deployment takes: the scripts just as `npm run build` writes them, so that its source maps fit them, but no maps.
 * @param {import('./build.mjs').Bundle} bundle
 * @returns {PackageFile[]} by name
 */
function packageFiles({ files }) {
  const bundled = files
    .filter(({ path }) => !path.endsWith('.map'))
    .map(({ path, contents }) => ({ name: relative(root, path).split(sep).join('/'), contents }))
  // Whoever passes a copy on has to pass the licence on.
  const copied = ['LICENSE', 'host.json'].map((name) => ({ name, contents: readFileSync(join(root, name)) }))
  const described = { name: 'package.json', contents: Buffer.from(deployedPackageJson()) }
  return [...bundled, ...copied, described].sort((one, other) => (one.name < other.name ? -1 : 1))
}

if (isMain(import.meta.url)) {
  requireSupportedNode()
  ensureInstalled()
  const { path, bytes, sha256, files } = await writePackage()
  const kib = (/** @type {number} */ size) => `${(size / 1024).toFixed(1)} KiB`
  for (const { name, contents } of files) console.log(`${kib(contents.length).padStart(12)}  ${name}`)
  console.log(`${relative(process.cwd(), path)}: ${files.length} files, ${kib(bytes)}, SHA-256 ${sha256}`)
}
