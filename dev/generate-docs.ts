import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { settingDocs, settingNames, settings } from '../src/config/index.ts'
import { PARAMETERS, SETTINGS_BICEP, settingsBicep, withSettings } from './infra/settings-of-template.ts'

/** README's table of settings stands between these. */
export const TABLE_BEGIN = '<!-- settings:begin -->'
export const TABLE_END = '<!-- settings:end -->'

const README = new URL('../README.md', import.meta.url)
const SAMPLE = new URL('../local.settings.sample.json', import.meta.url)

/** The settings as a Markdown table. */
export function settingsTable(): string {
  const rows = settingNames.map((name) => {
    const doc = settingDocs.get(settings.shape[name])
    const shown = doc?.shownDefault ?? (doc?.default === undefined ? 'none' : `\`${doc.default}\``)
    return `| \`${name}\` | ${shown} | ${doc?.meaning} |`
  })
  // Read by @azure/identity and not by patchtrail, so it has no schema.
  const credential =
    '| `AZURE_CLIENT_ID` … | none | as `@azure/identity` reads them: managed identity, client secret or certificate, workload identity, Azure CLI |'
  const after = settingNames.indexOf('DEFENDER_SCOPE') + 1
  return ['| name | default | meaning |', '|---|---|---|', ...rows.slice(0, after), credential, ...rows.slice(after)].join('\n')
}

/** `local.settings.sample.json`: every setting at its default, the blank ones count as unset. */
export function settingsSample(): string {
  const values: Record<string, string> = { FUNCTIONS_WORKER_RUNTIME: 'node', AzureWebJobsStorage: 'UseDevelopmentStorage=true' }
  for (const name of settingNames) {
    const doc = settingDocs.get(settings.shape[name])
    values[name] = doc?.sample ?? doc?.default ?? ''
  }
  return `${JSON.stringify({ IsEncrypted: false, Values: values }, null, 2)}\n`
}

/** A README with its table replaced; one without the markers is returned as it is. */
export function withSettingsTable(readme: string): string {
  const begin = readme.indexOf(TABLE_BEGIN)
  const end = readme.indexOf(TABLE_END)
  if (begin < 0 || end < begin) return readme
  return `${readme.slice(0, begin + TABLE_BEGIN.length)}\n${settingsTable()}\n${readme.slice(end)}`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(SAMPLE, settingsSample())
  writeFileSync(README, withSettingsTable(readFileSync(README, 'utf8')))
  writeFileSync(SETTINGS_BICEP, settingsBicep())
  writeFileSync(PARAMETERS, withSettings(readFileSync(PARAMETERS, 'utf8')))
}
