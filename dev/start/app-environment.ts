import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Environment } from '../../src/config/index.ts'
import { parseJson } from '../../src/parse-json.ts'

/** Whatever the app, its credentials or Azurite might read. */
const appSettings =
  /^(AZURE|AZURITE|DEFENDER|SYNC|MACHINE|STORAGE|IDENTITY|MSI|IMDS|HEALTH|PAGE|CATALOGUE)_|^(TABLE_PREFIX|CATALOGUE|SOURCE|EXPORT_SAMPLE)$/i

/**
 * The environment of an app that works with what it is given and nothing else: the shell's own, without any setting or credential,
 * so that a demo never signs in as the person who tries it.
 */
export function isolatedEnvironment(shell: Environment, settings: Environment): Environment {
  const kept = Object.entries(shell).filter(([name]) => !appSettings.test(name))
  return { ...Object.fromEntries(kept), ...settings, ...loopbackWithoutProxy(shell) }
}

/**
 * The environment of an app that reads the person's own tenant: settings of the shell come before those of `local.settings.json`, as with
 * `func start`; tenant and storage are given by the run.
 */
export function tenantEnvironment(
  shell: Environment,
  localSettings: Environment,
  given: { tenantId: string; connectionString: string },
): Environment {
  const { STORAGE_TABLES_URL: _, ...settings } = { ...localSettings, ...withoutBlank(shell) }
  return {
    ...settings,
    DEFENDER_TENANT_ID: given.tenantId,
    STORAGE_CONNECTION_STRING: given.connectionString,
    ...loopbackWithoutProxy(shell),
  }
}

/** Makes `target`, which is `process.env`, hold exactly what `wanted` does. */
export function replaceEnvironment(target: NodeJS.ProcessEnv, wanted: Environment): void {
  for (const name of Object.keys(target)) delete target[name]
  for (const [name, value] of Object.entries(wanted)) {
    if (value !== undefined) target[name] = value
  }
}

/** Storage and simulator are on this machine, where no proxy can reach them. */
function loopbackWithoutProxy(shell: Environment): Environment {
  const hosts = [shell['NO_PROXY'] ?? shell['no_proxy'], '127.0.0.1', 'localhost'].filter(Boolean).join(',')
  return { NO_PROXY: hosts, no_proxy: hosts }
}

function withoutBlank(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()))
}

const localSettings = z.object({ IsEncrypted: z.literal(false).optional(), Values: z.record(z.string(), z.string()).default({}) })

/** The settings of `local.settings.json`; none if there is no such file. Throws, without showing a value, if it cannot be read. */
export function readLocalSettings(path: string): Environment {
  if (!existsSync(path)) return {}
  // A parser's own message would quote the text, which may hold a secret.
  const parsed = localSettings.safeParse(parseJson(readFileSync(path, 'utf8')))
  if (!parsed.success) throw new Error(`${path} is not a local.settings.json with "Values" of texts that are not encrypted.`)
  return parsed.data.Values
}
