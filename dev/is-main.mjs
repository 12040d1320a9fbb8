// @ts-check
import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Whether Node was started with this module, and did not import it. Node follows links for the one and not for the other, so that in a
 * folder that is one (a junction, macOS's /tmp) the two paths differ as texts.
 * @param {string} url `import.meta.url`
 */
export function isMain(url) {
  const started = process.argv[1]
  return started !== undefined && existsSync(started) && realpathSync(started) === realpathSync(fileURLToPath(url))
}
