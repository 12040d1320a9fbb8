// @ts-check
// How the files of tests are shared out to processes: most of the time of a small one is that of a process which loads what the one before had.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BaseSequencer } from 'vitest/node'
import { root } from './run-step.mjs'

/** Folders whose tests are about processes, or serve the app, which a process has once. */
const FOLDERS_ALONE = /^test\/(?:dev\/|page\/|oracle\/|[^/]*$)/

/** What changes, or looks at, what a process has once. */
const OF_THE_PROCESS =
  /process\.(?:env|on|exit|chdir)\b|globalThis|console\.|vi\.(?:stub|mock|spyOn|useFake|setSystemTime|resetModules)|\b(?:serve(?:App|Page|Fleet)|loadFunctionApp|openProgram|useOutside|trustCertificate)\b/

/**
 * Whether a file of tests has a process of its own; the others come one after the other in the same few.
 * @param {string} path from the root of the repository, with slashes
 * @param {string} text
 */
export const isAlone = (path, text) => FOLDERS_ALONE.test(path) || OF_THE_PROCESS.test(text)

/**
 * The longest that any test of a file may take, as far as it says so; 0 where none does.
 * @param {string} text
 */
export function longestMs(text) {
  const said = [...text.matchAll(/\btimeout(?::| =) ([\d_]+)/g)].map(([, milliseconds = '']) => Number(milliseconds.replaceAll('_', '')))
  return Math.max(0, ...said)
}

/** @returns {string[]} the files of tests that have a process of their own, by their paths from the root */
export function filesAlone() {
  const names = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  const paths = names.filter((name) => name.endsWith('.test.ts')).map((name) => `test/${name.replaceAll('\\', '/')}`)
  return paths.filter((path) => isAlone(path, readFileSync(join(root, path), 'utf8'))).sort()
}

/** The files that may take longest begin first: none of them is left to run on while other processors have nothing more to do. */
export class LongestFirst extends BaseSequencer {
  /**
   * @override
   * @param {import('vitest/node').TestSpecification[]} files
   */
  async sort(files) {
    const asked = new Map(files.map((file) => [file, longestMs(readFileSync(file.moduleId, 'utf8'))]))
    const sorted = await super.sort(files)
    const projects = [...new Set(sorted.map(({ project }) => project))]
    const place = (/** @type {import('vitest/node').TestSpecification} */ file) => projects.indexOf(file.project)
    return sorted.sort((one, other) => place(one) - place(other) || (asked.get(other) ?? 0) - (asked.get(one) ?? 0))
  }
}
