import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { settingsSample, settingsTable, TABLE_BEGIN, TABLE_END, withSettingsTable } from '../../dev/generate-docs.ts'
import { readConfig, settingDocs, settingNames, settings } from '../../src/config/index.ts'

const path = (name: string) => new URL(`../../${name}`, import.meta.url)

describe('the documentation of the settings', () => {
  it('is in local.settings.sample.json, which is a valid configuration', () => {
    const sample = readFileSync(path('local.settings.sample.json'), 'utf8')
    expect(sample).toBe(settingsSample())
    const { Values } = JSON.parse(sample) as { Values: Record<string, string> }
    expect(readConfig(Values)).toMatchObject({ ok: true, config: { warnings: [] } })
  })

  it.runIf(existsSync(path('README.md')))('is in README.md', () => {
    const readme = readFileSync(path('README.md'), 'utf8')
    expect(readme).toContain(TABLE_BEGIN)
    expect(readme).toBe(withSettingsTable(readme))
  })

  it('has a row for every setting, with its default', () => {
    const table = settingsTable()
    for (const name of settingNames) expect(table).toContain(`| \`${name}\` | `)
    expect(table).toContain('| `SYNC_CALLS_PER_HOUR` | `1500` |')
    expect(settingNames.every((name) => settingDocs.get(settings.shape[name])?.meaning)).toBe(true)
  })

  it('replaces what stands between the markers only', () => {
    const readme = `# x\n${TABLE_BEGIN}\nold\n${TABLE_END}\nend\n`
    expect(withSettingsTable(readme)).toBe(`# x\n${TABLE_BEGIN}\n${settingsTable()}\n${TABLE_END}\nend\n`)
    expect(withSettingsTable('no markers')).toBe('no markers')
  })
})
