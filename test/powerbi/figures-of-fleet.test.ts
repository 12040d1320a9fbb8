import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Feed, openFeed } from '../feed/feed.ts'
import { type DaxEngine, type Filter, type Question, type Row, type Scalar, serialOf } from '../support/powerbi/dax/index.ts'
import { type Chosen, dayOf, KnownFigures } from '../support/powerbi/known-figures.ts'
import { loadModel } from '../support/powerbi/load-model.ts'
import { lookAt, numbersFrom, ScriptedFleet } from '../support/powerbi/scripted-fleet.ts'
import { readSemanticModel } from '../support/powerbi/semantic-model.ts'
import { startScriptedWorld, TENANT } from '../support/scripted-world.ts'
import { DAY, HOUR } from '../support/world.ts'

const LOOKS = 24
const MACHINES = 24
const NOW = lookAt(LOOKS - 1) + 10 * HOUR

const model = readSemanticModel()
const measures = model.tables.flatMap((table) => table.measures)
const INSTANTS = ['As of', 'Period start', 'Period end', 'Newest snapshot']

const onColumn = (table: string, column: string, holds: (value: Scalar) => boolean): Filter => {
  const key = `${table}[${column}]`
  return { table, columns: new Set([key]), test: (row: Row) => holds(row[key] ?? null) }
}
const within = (first: number, last: number) => (value: Scalar) => Number(value) >= serialOf(first) && Number(value) <= serialOf(last)

describe('the measures, evaluated over the feed of a fleet to which everything happens', () => {
  const fleet = new ScriptedFleet(MACHINES, numbersFrom(3))
  let feed: Feed
  let engine: DaxEngine
  let closeWorld: () => Promise<void>

  beforeAll(async () => {
    const world = await startScriptedWorld({}, {}, (close) => (closeWorld = close))
    for (let index = 0; index < LOOKS; index++) {
      Object.assign(world.script, fleet.play(lookAt(index)))
      await world.snapshot(lookAt(index))
    }
    feed = openFeed(world.service, '', TENANT)
    engine = await loadModel(model, async (path) => (await feed.rows(`/${path}`)).rows, NOW)
  })

  afterAll(() => closeWorld())

  const days = () => fleet.looks.map(({ at }) => dayOf(at))
  const chosen = (change: Partial<Chosen> = {}): Chosen => {
    const [firstDay = 0, lastDay = 0] = [days()[0], days().at(-1)]
    return { firstDay, lastDay, includes: () => true, daysAllowed: 30, periodFrom: firstDay, periodTo: lastDay, now: NOW, ...change }
  }
  const known = (change: Partial<Chosen> = {}) => new KnownFigures(fleet.intervals, fleet.looks, chosen(change))
  const expectFigures = (change: Partial<Chosen>, question: Question) => {
    for (const [name, value] of Object.entries(known(change).all())) {
      const found = engine.measure(name, question)
      const wanted = value !== null && INSTANTS.includes(name) ? serialOf(value) : value
      if (wanted === null || found === null) expect(found, name).toBe(wanted)
      else expect(Number(found), name).toBeCloseTo(wanted, 5)
    }
  }

  it('are all compared, over everything that can happen to a KB', () => {
    expect(Object.keys(known().all()).sort()).toEqual(measures.map(({ name }) => name).sort())
    const happened = new Set(fleet.intervals.map(({ reason, stillExposed, wentOn }) => `${reason || 'open'} ${stillExposed}${wentOn ? ', went on' : ''}`))
    expect([...happened].sort()).toEqual([
      'installed false', 'open true', 'reassessed null', 'reassessed null, went on', 'removed null', 'removed null, went on', 'silent null',
      'silent null, went on', 'superseded null', 'superseded true, went on', 'upgraded false',
    ])
    expect(fleet.looks.some(({ unknown }) => unknown > 0) && fleet.looks.some(({ silent }) => silent > 0)).toBe(true)
    const figures = known().all()
    // Otherwise the comparisons below would say little.
    for (const name of ['Installed in time', 'Left out, gone or upgraded', 'Left out, unclear', 'Due, silent or reassessed', 'In time, at least'])
      expect(figures[name], name).toBeGreaterThan(2)
  })

  it('find the intervals that the feed has, each with what became of its exposure', async () => {
    const { rows } = await feed.rows('/MissingKbs')
    const key = (...parts: unknown[]) => parts.join(' ')
    const loaded = engine.rows.all('MissingKbs').map((row) =>
      key(...['Machine id', 'KB', 'First missing at', 'Days missing', 'Days exposed', 'Reason', 'Is open'].map((column) => row[`MissingKbs[${column}]`])))
    expect(loaded.sort()).toEqual(rows.map((row) =>
      key(row['machineId'], row['kbId'], serialOf(String(row['firstMissingAt'])), row['daysMissing'], row['daysExposed'], row['reason'], row['isOpen'])).sort())
    const outcomes = engine.rows.all('MissingKbs').map((row) => key(...['Machine id', 'KB', 'Days exposed', 'Outcome'].map((column) => row[`MissingKbs[${column}]`])))
    const newest = fleet.looks.at(-1)?.at ?? 0
    expect(outcomes.sort()).toEqual(fleet.intervals.map(({ machineId, kbId, since, to, reason, wentOn }) =>
      key(machineId, kbId, Math.floor(((to ?? newest) - since) / DAY), wentOn ? 'went on' : OUTCOMES[reason])).sort())
  })

  it('give the known figures of the whole history', () => expectFigures({}, {}))

  it.each([3, 9, 14, 21])('give them as of the day of look %i, with the days up to it in view', (look) => {
    const lastDay = days()[look] ?? 0
    expectFigures({ lastDay }, { filters: [onColumn('Dates', 'Date', within(0, lastDay))] })
  })

  it('give them for the days of a month', () => {
    const [firstDay, lastDay] = [Date.UTC(2026, 3, 1), Date.UTC(2026, 3, 30)]
    expectFigures({ firstDay, lastDay }, { filters: [onColumn('Dates', 'Month', (month) => month === 'Apr 2026')] })
  })

  it.each(['Servers', 'Desks'])('give them for the device group %s', (group) => {
    const includes = (machineId: string) => (Number.parseInt(machineId, 16) % 3 === 0) === (group === 'Servers')
    expectFigures({ includes }, { filters: [onColumn('Machines', 'Device group', (name) => name === group)] })
  })

  it.each([1, 6, 12, 14, 60, 90])('give them for %i days allowed', (daysAllowed) => {
    expectFigures({ daysAllowed }, { filters: [onColumn('Days allowed', 'Days allowed', (days) => days === daysAllowed)] })
  })

  it.each([[2, 17], [4, 4], [0, 8]])('give them for a period from the day of look %i to that of %i', (from, to) => {
    const [periodFrom = 0, periodTo = 0] = [days()[from], days()[to]]
    expectFigures({ periodFrom, periodTo }, { filters: [onColumn('Period', 'Day', within(periodFrom, periodTo))] })
  })

  it('count by age and by reason, as the visuals group them', () => {
    const ages = [[0, 7], [8, 30], [31, 60], [61, 90], [91, Infinity]] as const
    for (const [index, [youngest, oldest]] of ages.entries()) {
      const filters = [onColumn('Ages', 'Age', (age) => age === engine.rows.all('Ages')[index]?.['Ages[Age]'])]
      const count = (found: readonly number[]) => found.filter((age) => age >= youngest && age <= oldest).length || null
      expect(engine.measure('Missing pairs by age', { filters }), String(youngest)).toBe(count(known().ages()))
      expect(engine.measure('Installs by age', { filters }), String(youngest)).toBe(count(known().daysOfInstalls()))
    }
    for (const reason of Object.keys(OUTCOMES).filter((one) => one !== '')) {
      const question = { filters: [onColumn('Changes', 'Reason', (one) => one === reason)], groupedBy: ['Changes[Reason]'] }
      const closed = known().closed().filter((one) => one.reason === reason)
      expect(closed.length, reason).toBeGreaterThan(0)
      expect(engine.measure('Intervals closed', question), reason).toBe(closed.length)
      expect(engine.measure('Closed, still exposed', question), reason).toBe(closed.filter(({ stillExposed }) => stillExposed).length || null)
    }
  })
})

const OUTCOMES: Readonly<Record<string, string>> = {
  '': 'still missing',
  installed: 'installed',
  superseded: 'superseded, unclear',
  upgraded: 'gone or upgraded',
  removed: 'gone or upgraded',
  silent: 'silent or reassessed',
  reassessed: 'silent or reassessed',
}
