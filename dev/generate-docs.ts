import { readFileSync, writeFileSync } from 'node:fs'
import { settingDocs, settingNames, settings } from '../src/config/index.ts'
import { POLICY_PRESETS } from '../src/domain/index.ts'
import { LOG_EVENTS, type LogEvent } from '../src/log-events.ts'
import { isMain } from './is-main.mjs'
import { PARAMETERS, SETTINGS_BICEP, settingsBicep, withSettings } from './infra/settings-of-template.ts'

/** What is made of a table in the code, by the name that the markers around it have. */
const MADE = { settings: settingsTable, events: eventsTable, policies: policiesTable }
export type Made = keyof typeof MADE

/** The table of that name stands between these. */
export const beginOf = (name: Made) => `<!-- ${name}:begin -->`
export const endOf = (name: Made) => `<!-- ${name}:end -->`

/** The pages that hold a table, from the root of the repository. */
export const PAGES = { 'README.md': 'settings', 'docs/operate.md': 'events', 'docs/deadlines.md': 'policies' } as const satisfies Record<
  string,
  Made
>

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

/** The deadlines that can be set by name, as a Markdown table. */
function policiesTable(): string {
  const rows = Object.values(POLICY_PRESETS).map(
    ({ name, says, source, readOn, rules }) =>
      `| \`${name}\` | ${says} | ${rules.map((rule) => `\`${rule.name}\``).join(', ')} | ${source}, read ${readOn} |`,
  )
  return ['| name | says | rules | source |', '|---|---|---|---|', ...rows].join('\n')
}

/** The events of the log as a Markdown table, after a line that says how it is read. */
export function eventsTable(): string {
  const rows = Object.entries<LogEvent>(LOG_EVENTS).map(
    ([event, { level, fields, says }]) => `| \`${event}\` | ${level} | ${Object.entries(fields).map(shownField).join(', ')} | ${says} |`,
  )
  const legend = 'Fields are texts unless they are said to be a number or a flag (true or false); one with a `?` may be missing.'
  return [legend, '', '| event | level | fields | says |', '|---|---|---|---|', ...rows].join('\n')
}

function shownField([name, kind]: [string, string]): string {
  const shown = `\`${name}${kind.endsWith('?') ? '?' : ''}\``
  return kind.startsWith('text') ? shown : `${shown} ${kind.replace('?', '')}`
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

/** A page with its table of that name made anew; one without the markers is returned as it is. */
export function withTable(page: string, name: Made): string {
  const begin = page.indexOf(beginOf(name))
  const end = page.indexOf(endOf(name))
  if (begin < 0 || end < begin) return page
  return `${page.slice(0, begin + beginOf(name).length)}\n${MADE[name]()}\n${page.slice(end)}`
}

if (isMain(import.meta.url)) {
  writeFileSync(SAMPLE, settingsSample())
  for (const [path, name] of Object.entries(PAGES)) {
    const page = new URL(`../${path}`, import.meta.url)
    writeFileSync(page, withTable(readFileSync(page, 'utf8'), name))
  }
  writeFileSync(SETTINGS_BICEP, settingsBicep())
  writeFileSync(PARAMETERS, withSettings(readFileSync(PARAMETERS, 'utf8')))
}
