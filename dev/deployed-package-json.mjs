// @ts-check
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run-step.mjs'

/** What the worker and the program read of package.json, and what tells a person what this is. */
const KEPT = ['name', 'version', 'description', 'license', 'type', 'main', 'engines']

/**
 * package.json as a deployment has it: without dependencies, which are in the bundle, and without commands, whose files are not there.
 * @returns {string}
 */
export function deployedPackageJson() {
  /** @type {Record<string, unknown>} */
  const whole = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return `${JSON.stringify(Object.fromEntries(KEPT.map((key) => [key, whole[key]])), null, 2)}\n`
}

/** Gives the program, which asks for its version, that one too: another tool for development is no reason for another bundle. */
export const withDeployedPackageJson = {
  name: 'deployed-package-json',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /package\.json$/ }, ({ path }) =>
      path === join(root, 'package.json') ? { contents: deployedPackageJson(), loader: 'json' } : undefined,
    )
  },
}
