// @ts-check
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { runAz, threeMinutes } from './az-process.mjs'
import { windowsCommand } from './windows-command.mjs'

/**
 * @typedef {import('./az-reason.mjs').Reason} Reason
 * @typedef {{ ok: true, text: string } | { ok: false, reason: Reason, text: string }} AzAnswer
 * @typedef {(args: readonly string[]) => Promise<AzAnswer>} Az asks the Azure CLI; never rejects for what az says
 * @typedef {Readonly<Record<string, string | undefined>>} Env
 */

/**
 * @param {Env} env
 * @param {string} [platform]
 * @param {import('./az-process.mjs').Limit} [limit]
 * @returns {Az}
 */
export function createAz(env, platform = process.platform, limit = threeMinutes) {
  return (args) => {
    const command = azCommand(args, env, platform)
    return command ? runAz(command, env, limit) : Promise.resolve({ ok: false, reason: 'missing', text: 'az is not on the PATH' })
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
