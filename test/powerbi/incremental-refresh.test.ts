import { describe, expect, it } from 'vitest'
import type { FeedRow } from '../../src/feed/filter/value.ts'
import { openFeed, sorted } from '../feed/feed.ts'
import type { DaxEngine } from '../support/powerbi/dax/index.ts'
import { foldM, type Range } from '../support/powerbi/fold-m.ts'
import { EVERYTHING, loadModel } from '../support/powerbi/load-model.ts'
import { lookAt, numbersFrom, ScriptedFleet } from '../support/powerbi/scripted-fleet.ts'
import { readSemanticModel } from '../support/powerbi/semantic-model.ts'
import { startScriptedWorld, TENANT } from '../support/scripted-world.ts'

const model = readSemanticModel()
const changes = model.tables.find(({ name }) => name === 'Changes')
const policy = changes?.refreshPolicy?.properties
const REFRESHED_MONTHS = Number(policy?.get('incrementalPeriods'))
const sourceOf = (name: string) => model.tables.find((table) => table.name === name)?.source ?? ''

const LOOKS = 24

/** Months of UTC from one instant to another, both included: the partitions that Power BI makes. */
function monthsBetween(from: number, to: number): Range[] {
  const months: Range[] = []
  for (let start = startOfMonth(from); start <= to; start = startOfMonth(start, 1)) months.push({ start, end: startOfMonth(start, 1) })
  return months
}

function startOfMonth(at: number, later = 0): number {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1)
}

async function startFleet() {
  const world = await startScriptedWorld()
  const fleet = new ScriptedFleet(12, numbersFrom(11))
  const feed = openFeed(world.service, '', TENANT)
  const read = async (path: string) => (await feed.rows(`/${path}`)).rows
  const look = async (index: number) => {
    Object.assign(world.script, fleet.play(lookAt(index)))
    await world.snapshot(lookAt(index))
  }
  return { world, read, look }
}

const rowsOf = (engine: DaxEngine, table: string) => sorted(engine.rows.all(table))

describe('incremental refresh', () => {
  it('reads the newest two months of changes again, and keeps two years', () => {
    expect(model.tables.filter(({ refreshPolicy }) => refreshPolicy).map(({ name }) => name)).toEqual(['Changes'])
    expect(Object.fromEntries([...(policy ?? [])].filter(([name]) => name !== 'sourceExpression'))).toEqual({
      policyType: 'basic', rollingWindowGranularity: 'month', rollingWindowPeriods: '24', incrementalGranularity: 'month', incrementalPeriods: '2', mode: 'import',
    })
    expect(policy?.get('sourceExpression')).toBe(changes?.source)
  })

  it('folds to one filtered request for each month, and to one for the open intervals', () => {
    const [march = EVERYTHING] = monthsBetween(Date.UTC(2026, 2, 9), Date.UTC(2026, 2, 9))
    expect(foldM(policy?.get('sourceExpression') ?? '', march).path).toBe(
      'Changes?$filter=at ge 2026-03-01T00:00:00Z and at lt 2026-04-01T00:00:00Z&$select=snapshotId,machineId,kbId,at,change,reason,' +
        'firstMissingAt,daysMissing,exposedSince,exposedAtLeast,daysExposed,stillExposed,replacedBy',
    )
    expect(foldM(sourceOf('OpenIntervals'), EVERYTHING).path).toBe(
      'MissingKbs?$filter=isOpen eq true&$select=machineId,kbId,firstMissingAt,resolvedAt,isOpen,daysMissing,' +
        'exposedSince,exposedAtLeast,daysExposed,stillExposed,reason,replacedBy',
    )
    // Whatever is read whole says so.
    for (const { name, source, kind } of model.tables) {
      if (kind !== 'm' || ['Changes', 'OpenIntervals', 'Figures'].includes(name)) continue
      expect(foldM(source, EVERYTHING).path, name).toMatch(new RegExp(`^${name}\\?\\$select=[\\w,]+$`))
    }
  })

  it('is refused by the test where a filter stands behind a step that does not fold', () => {
    const late = sourceOf('Changes')
      .replace('Table.SelectRows(Rows, ', 'Table.SelectRows(InUtc, ')
      .replace(/ {4}InRange = .*\n/, '')
      .replace('SelectColumns(InRange', 'SelectColumns(Rows')
      .replace(/\nin\n {4}InUtc/, ',\n    InRange = Table.SelectRows(InUtc, each [at] >= DateTime.AddZone(RangeStart, 0))\nin\n    InRange')
    expect(() => foldM(late, EVERYTHING)).toThrow('does not fold')
    expect(() => foldM(sourceOf('Changes').replace('RangeEnd', 'DateTime.LocalNow()'), EVERYTHING)).toThrow('is no constant')
  })

  it('asks the tables of a month alone, and every month once', async () => {
    const { world, read, look } = await startFleet()
    for (let index = 0; index < LOOKS; index++) await look(index)
    const whole = await read(foldM(sourceOf('Changes'), EVERYTHING).path)
    const parts: FeedRow[] = []
    for (const month of monthsBetween(lookAt(0), lookAt(LOOKS - 1))) {
      const before = world.service.counts().tables
      parts.push(...(await read(foldM(sourceOf('Changes'), month).path)))
      const after = world.service.counts().tables
      const asked = Object.keys(after).filter((name) => name.startsWith('changes') && after[name]?.query !== before[name]?.query)
      expect(asked).toEqual([`changes${new Date(month.start).toISOString().slice(0, 7).replace('-', '')}`])
    }
    expect(whole.length).toBeGreaterThan(100)
    expect(sorted(parts)).toEqual(sorted(whole))
    const open = await read(foldM(sourceOf('OpenIntervals'), EVERYTHING).path)
    expect(open.length).toBeGreaterThan(5)
    expect(open.length + whole.filter(({ change }) => change === 'resolved').length).toBe((await read('MissingKbs')).length)
  })

  it('ends with what a full load has, refreshed every month while the history goes on', async () => {
    const { read, look } = await startFleet()
    const kept = new Map<number, readonly Readonly<Record<string, unknown>>[]>()
    let months = monthsBetween(lookAt(0), lookAt(0))
    for (let index = 0; index < LOOKS; index++) {
      await look(index)
      // As the service does it: months that are new are read, of those it has only the newest ones.
      if (index % 5 !== 3 && index !== LOOKS - 1) continue
      months = monthsBetween(lookAt(0), lookAt(index))
      for (const month of months.filter(({ start }, place) => !kept.has(start) || place >= months.length - REFRESHED_MONTHS))
        kept.set(month.start, await read(foldM(sourceOf('Changes'), month).path))
    }
    const pathsKept = new Map(months.map((month) => [foldM(sourceOf('Changes'), month).path, kept.get(month.start) ?? []]))
    const refreshed = await loadModel(model, async (path) => pathsKept.get(path) ?? read(path), lookAt(LOOKS), months)
    const full = await loadModel(model, read, lookAt(LOOKS))
    for (const table of ['Changes', 'MissingKbs', 'Dates']) expect(rowsOf(refreshed, table), table).toEqual(rowsOf(full, table))
  })

  it('counts an interval once that closed between the two reads', async () => {
    const { read, look } = await startFleet()
    for (let index = 0; index < 10; index++) await look(index)
    const open = await read(foldM(sourceOf('OpenIntervals'), EVERYTHING).path)
    await look(10)
    const late = await loadModel(model, async (path) => (path.startsWith('MissingKbs') ? open : read(path)), lookAt(11))
    const keys = late.rows.all('MissingKbs').map((row) => ['Machine id', 'KB', 'First missing at'].map((name) => row[`MissingKbs[${name}]`]).join(' '))
    expect(new Set(keys).size).toBe(keys.length)
    const closedSince = (await read('MissingKbs')).filter(({ isOpen, kbId }) => !isOpen && open.some((one) => one['kbId'] === kbId))
    expect(closedSince.length).toBeGreaterThan(0)
  })
})
