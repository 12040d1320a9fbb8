// @ts-check
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { reasonOf } from './az-reason.mjs'
import { windowsCommand } from './windows-command.mjs'

/**
 * @typedef {import('./az-reason.mjs').Reason} Reason
 * @typedef {{ ok: true, text: string } | { ok: false, reason: Reason, text: string }} AzAnswer
 * @typedef {(args: readonly string[]) => Promise<AzAnswer>} Az asks the Azure CLI; never rejects for what az says
 * @typedef {Readonly<Record<string, string | undefined>>} Env
 */

/** az starts in a second or two, and a cold app may take minutes to answer; this is for what hangs. */
const LIMIT_MS = 180_000
const MAX_ANSWER_BYTES = 32 * 1024 * 1024

/** Answers as JSON, no warnings among them, no questions that nobody sees. */
const QUIET = { AZURE_CORE_OUTPUT: 'json', AZURE_CORE_ONLY_SHOW_ERRORS: 'true', AZURE_EXTENSION_USE_DYNAMIC_INSTALL: 'no' }

/**
 * @param {Env} env
 * @param {string} [platform]
 * @returns {Az}
 */
export function createAz(env, platform = process.platform) {
  return (args) => {
    const command = azCommand(args, env, platform)
    return command ? start(command, env) : Promise.resolve({ ok: false, reason: 'missing', text: 'az is not on the PATH' })
  }
}

/**
 * @param {readonly string[]} args
 * @param {Env} env
 * @param {string} platform
 * @param {(path: string) => boolean} [exists]
 * @returns {{ file: string, args: string[], verbatim: boolean } | undefined} nothing where there is no az
 */
export function azCommand(args, env, platform, exists = existsSync) {
  const isWindows = platform === 'win32'
  const path = Object.entries(env).find(([name]) => (isWindows ? name.toUpperCase() : name) === 'PATH')?.[1] ?? ''
  const folders = path.split(isWindows ? ';' : delimiter).filter((folder) => folder !== '')
  const names = isWindows ? ['az.exe', 'az.cmd'] : ['az']
  const glue = isWindows ? '\\' : undefined
  const places = folders.flatMap((folder) =>
    names.map((name) => (glue ? `${folder.replace(/\\$/, '')}${glue}${name}` : join(folder, name))),
  )
  const file = places.find((place) => exists(place))
  if (file === undefined) return undefined
  if (!file.endsWith('.cmd')) return { file, args: [...args], verbatim: false }
  return { file: env.ComSpec ?? 'cmd.exe', args: windowsCommand(file, args), verbatim: true }
}

/**
 * @param {{ file: string, args: string[], verbatim: boolean }} command
 * @param {Env} env
 * @returns {Promise<AzAnswer>}
 */
function start({ file, args, verbatim }, env) {
  const options = {
    env: { ...env, ...QUIET },
    encoding: /** @type {const} */ ('utf8'),
    timeout: LIMIT_MS,
    maxBuffer: MAX_ANSWER_BYTES,
    windowsHide: true,
    windowsVerbatimArguments: verbatim,
  }
  return new Promise((resolve) => {
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      if (!error) return resolve({ ok: true, text: stdout })
      const text = error.killed ? `az gave no answer within ${LIMIT_MS / 1000} s: it timed out` : stderr.trim() || error.message
      resolve({ ok: false, reason: reasonOf(text), text })
    })
    child.stdin?.end()
  })
}
