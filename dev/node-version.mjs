// @ts-check

/** The oldest Node on which every dependency runs. The same as `engines` in package.json. */
export const oldestNode = '20.18.1'

/**
 * @param {string} version as `process.versions.node`: `20.18.1`
 * @returns {boolean}
 */
export function isSupportedNode(version) {
  const [given, oldest] = [version, oldestNode].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)))
  for (const [index, wanted] of (oldest ?? []).entries()) {
    const part = given?.[index] ?? 0
    if (part !== wanted) return part > wanted
  }
  return true
}

/** Ends the process with a clear message where Node is too old, before anything fails with an unclear one. */
export function requireSupportedNode() {
  if (isSupportedNode(process.versions.node)) return
  console.error(`patchtrail needs Node ${oldestNode} or newer; this is ${process.versions.node} (${process.execPath}).`)
  process.exit(1)
}
