import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Environment } from '../../src/config/index.ts'
import { parseJson } from '../../src/parse-json.ts'

const localSettings = z.object({ IsEncrypted: z.literal(false).optional(), Values: z.record(z.string(), z.string()).default({}) })

/** The settings of `local.settings.json`; none if there is no such file. Throws, without showing a value, if it cannot be read. */
export function readLocalSettings(path: string): Environment {
  if (!existsSync(path)) return {}
  // A parser's own message would quote the text, which may hold a secret.
  const parsed = localSettings.safeParse(parseJson(readFileSync(path, 'utf8')))
  if (!parsed.success) throw new Error(`${path} is not a local.settings.json with "Values" of texts that are not encrypted.`)
  return parsed.data.Values
}
