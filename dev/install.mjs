// @ts-check
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, runStep } from './run-step.mjs'

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/**
 * Whether what is installed is what the lock file names. Optional packages are made for one platform each and may be absent.
 * @param {Lock} lock package-lock.json
 * @param {Lock | undefined} installed node_modules/.package-lock.json, which npm writes after an installation; undefined if there is none
 */
export function isInstalled(lock, installed) {
  if (!installed) return false
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true
    const found = installed.packages[path]
    return found ? found.version === wanted.version && found.integrity === wanted.integrity : wanted.optional === true
  })
}

/** Installs the packages of package-lock.json, unless they are there already. Ends the process where that fails. */
export function ensureInstalled() {
  const lock = readLock('package-lock.json')
  if (!lock) throw new Error('package-lock.json is missing.')
  if (isInstalled(lock, readLock('node_modules/.package-lock.json'))) return
  const npm = process.env['npm_execpath']
  if (npm) runStep('npm ci', process.execPath, [npm, 'ci'])
  else runStep('npm ci', 'npm', ['ci'])
}

/**
 * @param {string} path
 * @returns {Lock | undefined}
 */
function readLock(path) {
  const file = join(root, path)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}
