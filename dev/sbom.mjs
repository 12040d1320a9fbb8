// @ts-check
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundledPackages } from './notices.mjs'
import { root } from './run-step.mjs'

/**
 * The bill of materials of a package, as CycloneDX 1.5: the packages whose code is in its bundle, neither more nor fewer. (`npm sbom` names
 * what is installed, of which a bundle takes a part, and leaves out what development needs as well.) Without a time and a serial number,
 * for the same package has the same bill. https://cyclonedx.org/docs/1.5/json
 * @param {import('esbuild').Metafile} metafile of the bundle
 * @param {string} sha256 of the package
 * @returns {string}
 */
export function sbomOf(metafile, sha256) {
  /** @type {{ name: string, version: string, license: string }} */
  const { name, version, license } = readJson('package.json')
  /** @type {{ packages: Record<string, { integrity?: string }> }} */
  const lock = readJson('package-lock.json')
  // No registry has the app, so it has no address in one.
  const component = { ...componentOf('application', name, version, license), hashes: [{ alg: 'SHA-256', content: sha256 }] }
  const components = bundledPackages(root, metafile).map((one) => ({
    ...componentOf('library', one.name, one.version, one.license),
    purl: `pkg:npm/${one.name.replace('@', '%40')}@${one.version}`,
    hashes: [{ alg: 'SHA-512', content: hashOf(lock.packages[one.folder]?.integrity, one.folder) }],
  }))
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component },
    components,
  }
  return `${JSON.stringify(bill, null, 2)}\n`
}

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'))

/**
 * @param {string} type
 * @param {string} name
 * @param {string} version
 * @param {string | undefined} license a name or an expression of SPDX
 */
function componentOf(type, name, version, license) {
  const licenses = license === undefined ? [] : [/^[\w.+-]+$/.test(license) ? { license: { id: license } } : { expression: license }]
  return { type, 'bom-ref': `${name}@${version}`, name, version, licenses }
}

/**
 * Of the archive that was installed, as hexadecimal digits.
 * @param {string | undefined} integrity `sha512-` and base64
 * @param {string} folder
 */
function hashOf(integrity, folder) {
  if (!integrity?.startsWith('sha512-')) throw new Error(`package-lock.json has no SHA-512 of ${folder}.`)
  return Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex')
}
