// @ts-check

/** The oldest Node on which every dependency runs. The same as `engines` in package.json. */
export const oldestNode = '20.18.1'

/**
 * @param {string} version as `process.versions.node`: `20.18.1`
 * @returns {boolean}
 */
export function isSupportedNode(version) {
  return version.localeCompare(oldestNode, 'en', { numeric: true }) >= 0
}

/** Ends the process with a clear message where Node is too old, before anything fails with an unclear one. */
export function requireSupportedNode() {
  if (isSupportedNode(process.versions.node)) return
  console.error(`patchtrail needs Node ${oldestNode} or newer; this is ${process.versions.node} (${process.execPath}).`)
  process.exit(1)
}
