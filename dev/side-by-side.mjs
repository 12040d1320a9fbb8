// @ts-check
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { root } from './run-step.mjs'

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} args what Node runs
 */

/**
 * @typedef {object} Ended
 * @property {string} name
 * @property {number} code exit code; 1 if a signal ended it
 * @property {string} output all that it wrote
 */

/**
 * Runs steps side by side, each by Node in the repository's root, and begins them in their order. After one that fails none begins any more, and
 * those under way are ended.
 * @param {readonly Step[]} steps
 * @param {object} options
 * @param {number} options.atOnce how many at once
 * @param {(ended: Ended) => void} options.tell is told of each as it ends, but for those that another's failure ended
 * @returns {Promise<Ended | undefined>} the first that failed
 */
export async function runSideBySide(steps, { atOnce, tell }) {
  const waiting = [...steps]
  const underWay = new Set()
  /** @type {Ended | undefined} */
  let failed
  const work = async () => {
    for (let step = waiting.shift(); step && !failed; step = waiting.shift()) {
      const child = start(step)
      underWay.add(child)
      const ended = { name: step.name, ...(await endOf(child)) }
      underWay.delete(child)
      if (failed) return
      tell(ended)
      if (ended.code === 0) continue
      failed = ended
      for (const other of underWay) other.kill()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return failed
}

/** @param {Step} step */
function start({ args }) {
  // A pipe is no terminal, and nobody would use colours that are shown on one.
  const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}
  return spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...colours } })
}

/** @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child */
async function endOf(child) {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const [code] = await once(child, 'close')
  return { code: code ?? 1, output }
}
