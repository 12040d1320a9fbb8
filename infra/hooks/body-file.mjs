// @ts-check
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A body as a file, for as long as az needs it: as an argument each shell would quote it differently.
 * @template T
 * @param {unknown} body
 * @param {(argument: string) => Promise<T>} use takes `@<path>`
 * @returns {Promise<T>}
 */
export async function withBodyFile(body, use) {
  const folder = await mkdtemp(join(tmpdir(), 'patchtrail-'))
  try {
    const path = join(folder, 'body.json')
    await writeFile(path, JSON.stringify(body))
    return await use(`@${path}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
