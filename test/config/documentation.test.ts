import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { beginOf, endOf, eventsTable, PAGES, settingsSample, settingsTable, withTable } from '../../dev/generate-docs.ts'
import { readConfig, settingDocs, settingNames, settings } from '../../src/config/index.ts'
import { LOG_EVENTS } from '../../src/log-events.ts'

const path = (name: string) => new URL(`../../${name}`, import.meta.url)

describe('the documentation of the settings', () => {
  it('is in local.settings.sample.json, which is a valid configuration', () => {
    const sample = readFileSync(path('local.settings.sample.json'), 'utf8')
    expect(sample).toBe(settingsSample())
    const { Values } = JSON.parse(sample) as { Values: Record<string, string> }
    expect(readConfig(Values)).toMatchObject({ ok: true, config: { warnings: [] } })
  })

  it('has a row for every setting, with its default', () => {
    const table = settingsTable()
    for (const name of settingNames) expect(table).toContain(`| \`${name}\` | `)
    expect(table).toContain('| `SYNC_CALLS_PER_HOUR` | `1500` |')
    expect(settingNames.every((name) => settingDocs.get(settings.shape[name])?.meaning)).toBe(true)
  })
})

describe('the documentation of the log', () => {
  it('has a row for every event, with its level and its fields', () => {
    const rows = eventsTable().split('\n').slice(4)
    expect(rows.map((row) => /^\| `([^`]+)` \| (\w+) \| /.exec(row)?.slice(1))).toEqual(
      Object.entries(LOG_EVENTS).map(([event, { level }]) => [event, level]),
    )
    expect(rows).toContain(
      '| `defender.rowsDropped` | warn | `tenantId?`, `operation`, `skip?` number, `machineId?`, `dropped` number | rows of an answer that could not be read |',
    )
  })
})

describe('a page with a table that is made', () => {
  it.each(Object.entries(PAGES).filter(([page]) => existsSync(path(page))))('%s has it as it is made now', (page, name) => {
    const text = readFileSync(path(page), 'utf8')
    expect(text).toContain(beginOf(name))
    expect(text).toBe(withTable(text, name))
  })

  it('has nothing else changed', () => {
    const [begin, end] = [beginOf('settings'), endOf('settings')]
    const readme = `# x\n${begin}\nold\n${end}\nend\n`
    expect(withTable(readme, 'settings')).toBe(`# x\n${begin}\n${settingsTable()}\n${end}\nend\n`)
    expect(withTable(readme, 'events')).toBe(readme)
  })
})
