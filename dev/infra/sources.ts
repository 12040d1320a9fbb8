import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../run-step.mjs'

export const infraFolder = join(root, 'infra')

/** The template that the deploy button and everybody without Bicep take. */
export const COMPILED = 'infra/azuredeploy.json'

/** Its extension has to be fetched from a registry, so that nothing here can compile it. */
const UNCOMPILED = 'grants/'

const listed = () => readdirSync(infraFolder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'))

/** Paths within `infra/` of all Bicep files that can be compiled, in order. */
export const bicepFiles = (): string[] =>
  listed()
    .filter((path) => path.endsWith('.bicep') && !path.startsWith(UNCOMPILED))
    .sort()

/** Paths within `infra/` of the parameter sets whose outcome is committed, in order. */
export const parameterSets = (): string[] =>
  listed()
    .filter((path) => path.startsWith('snapshots/') && path.endsWith('.bicepparam'))
    .sort()

/**
 * Ties the compiled template to what it is made from, so that a test without Bicep sees the one change without the other: SHA-256 over the names and
 * contents of all Bicep files and queries, and what the template takes from package.json.
 */
export function sourcesHash(): string {
  const hash = createHash('sha256')
  const queries = listed().filter((path) => path.endsWith('.kql'))
  for (const path of [...bicepFiles(), ...queries, 'bicepconfig.json'].sort())
    hash.update(`${path}\n${readFileSync(join(infraFolder, path), 'utf8').replaceAll('\r\n', '\n')}\n`)
  const { version, repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Package
  return hash.update(`${version}\n${repository.url}\n`).digest('hex')
}

interface Package {
  version: string
  repository: { url: string }
}
