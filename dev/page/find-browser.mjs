// @ts-check
// A Chromium of this computer's own: nothing is downloaded.
import { existsSync } from 'node:fs'

/** Where systems keep it, Debian first. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** What tells whoever has none. */
export const NO_BROWSER = 'The tests of the page did not run: no Chromium was found. Install one, or name it in PATCHTRAIL_BROWSER.'

/**
 * The path of a browser; undefined where there is none. What PATCHTRAIL_BROWSER names is taken or nothing is.
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {string | undefined}
 */
export function findBrowser({ PATCHTRAIL_BROWSER: named } = process.env) {
  return (named ? [named] : PLACES).find((path) => existsSync(path))
}

/** For every start of it: alone on this computer, and quiet towards the network. */
export const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
