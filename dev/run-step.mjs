// @ts-check
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs a command in the repository's root, its output passed through.
 * @param {string} command
 * @param {string[]} args
 * @returns {number} its exit code; 1 if a signal ended it
 */
export function run(command, args) {
  // npm is a script on Windows, which only a shell can start.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32' && command === 'npm',
  })
  if (error) throw new Error(`${command} could not be started.`, { cause: error })
  return status ?? 1
}

/**
 * Runs a step of the build and ends this process where it fails.
 * @param {string} name for the message
 * @param {string} command
 * @param {string[]} args
 */
export function runStep(name, command, args) {
  console.log(`> ${name}`)
  const code = run(command, args)
  if (code === 0) return
  console.error(`${name} failed (exit code ${code})`)
  process.exit(code)
}
