import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cohortFigures, kbQuestions } from '../../../dev/oracle/figures/cohorts.ts'
import { isOpenAt } from '../../../dev/oracle/ledger.ts'
import type { MachineLedger } from '../../../dev/oracle/machine-ledger.ts'
import { APPEARED, DAY_MS, type Resolved, RESOLVED, sum } from '../../../dev/oracle/words.ts'
import { BROWSER, cellsOf, inPage, openBrowser, openPage, settled } from '../../support/page/browser.ts'
import { expectFiveAnswers } from '../../support/page/five-answers.ts'
import { type ServedFleet, serveFleet } from '../../support/page/served-fleet.ts'
import { countsOf, reasonsOf } from '../../support/page/true-changes.ts'

/** What the bars of the overview stand for, measured by the marks at their side: the parts of each, the youngest first. */
const BARS = `(() => {
  const svg = document.querySelector('figure.chart svg')
  const [low, high] = [...svg.querySelectorAll('text.tick[text-anchor=end]')].map((tick) => Number(tick.textContent.replaceAll(',', '')))
  const [from, to] = [...svg.querySelectorAll('line.grid')].map((line) => Number(line.getAttribute('y1')))
  const height = (from - to) / (high - low)
  return [...svg.querySelectorAll('g.bar')].map((bar) =>
    [0, 1, 2, 3, 4].map((age) => Math.round((100 * bar.querySelector('.age' + age).getAttribute('height')) / height) / 100))
})()`

describe.skipIf(!BROWSER)('what the page shows of a fleet', () => {
  let fleet: ServedFleet
  let browser: Browser
  beforeAll(async () => {
    ;[fleet, browser] = await Promise.all([serveFleet({ looks: 12, unknown: 4 }), openBrowser()])
  })
  afterAll(() => Promise.all([fleet.close(), browser.close()]))

  it('answers five questions on the first screen', async () => {
    const { page, show } = await openPage(browser, fleet)
    await show('?view=overview')
    await expectFiveAnswers(page, fleet, { hoursAgo: 6 })
  })

  it('is, in each bar, what was missing then, by age', async () => {
    const { page, show } = await openPage(browser, fleet)
    await show('?view=overview')
    const truth = fleet.points.map((point) => point.fleet)
    expect(await inPage<number[][]>(page, BARS)).toEqual(truth.map(({ pairs }) => pairs))
    expect((await inPage<number[][]>(page, BARS)).map(sum)).toEqual(
      truth.map(({ look }) => fleet.ledger.intervals().filter(({ interval }) => isOpenAt(interval, look)).length),
    )
    // As rows, the newest first, and as a sentence that the arrows lead through.
    const rows = truth.map(({ look, pairs }) => [new Date(look.at).toISOString().slice(0, 10), ...[...pairs, sum(pairs)].map(String)])
    expect((await cellsOf(page, 'Missing pairs by age')).map((cells) => cells.slice(0, 7))).toEqual(rows.toReversed())
    await page.locator('figure.chart svg').first().press('Home')
    await page.locator('figcaption', { hasText: `2026-03-02: ${sum(truth[0]?.pairs ?? [])} missing` }).waitFor()
  })

  it('adds up: every change by reason is the difference of both ends', async () => {
    const { page, show } = await openPage(browser, fleet)
    const { first, last } = fleet.ledger
    await show(`?view=changes&from=${first.snapshotId}&to=${last.snapshotId}`)
    const counts = countsOf(await page.locator('.reasons button').allTextContents())
    expect(counts).toEqual(reasonsOf(fleet.ledger))
    const intervals = fleet.ledger.intervals().map(({ interval }) => interval)
    const standing = (look: typeof first) => intervals.filter((interval) => isOpenAt(interval, look)).length
    const shown = (names: readonly string[]) => sum(names.map((name) => counts[name] ?? 0))
    expect(shown(APPEARED) - shown(RESOLVED)).toBe(standing(last) - standing(first))
    // The other reasons would show nothing if none of them had happened.
    expect(Object.keys(counts).length).toBeGreaterThan(3)
  })

  it('is every change, page by page, under the machine that it is about', async () => {
    const { page, show } = await openPage(browser, fleet)
    const { first, last } = fleet.ledger
    await show(`?view=changes&from=${first.snapshotId}&to=${last.snapshotId}`)
    const rows: string[] = []
    for (;;) {
      rows.push(...(await inPage<string[]>(page, CHANGES)))
      const next = page.getByRole('button', { name: 'Next' })
      if ((await next.count()) === 0) break
      await next.click()
      await settled(page)
    }
    const truth = fleet.ledger
      .intervals()
      .flatMap(({ machineId, interval: { kbId, opened, reason, end } }) => [
        ...(opened === first ? [] : [`${machineId} KB${kbId} + appeared ${reason}`]),
        ...(end ? [`${machineId} KB${kbId} − resolved ${end.reason}`] : []),
      ])
    expect(rows.toSorted()).toEqual(truth.toSorted())
  })

  it("comes as a file that is byte for byte the API's, of what is chosen", async () => {
    const { page, show } = await openPage(browser, fleet)
    const { first, last } = fleet.ledger
    const chosen = `from=${first.snapshotId}&to=${last.snapshotId}&reason=installed&reason=superseded&mode=events`
    await show(`?view=changes&${chosen}`)
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()])
    const answer = await fetch(`${fleet.served.url}/api/diffs?${chosen}&format=csv`, { headers: { 'x-functions-key': fleet.key } })
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect((await readFile(await download.path())).equals(bytes)).toBe(true)
    expect(bytes.toString().split('\n').length).toBeGreaterThan(20)
  })

  it('calls what was replaced superseded, and never patched, in every picture of a Patch Tuesday', async () => {
    const { page, show } = await openPage(browser, fleet)
    await show('?view=cohorts')
    const titles = await page.locator('.multiples h2').allTextContents()
    const stacks = await inPage<number[][][]>(page, stacksIn('.multiples svg'))
    const truth = titles.map((title) => cohortFigures(fleet.ledger, title.replace('-', '')))
    expect(stacks).toEqual(truth.map(({ points }) => points.map(outcomesOf)))

    // In the week of the May updates most of what April still had open was replaced, and not installed.
    const [before, after] = (truth.find(({ cohort }) => cohort === '202604')?.points ?? []).slice(-2)
    if (!before || !after) throw new Error('April has no two points.')
    expect(after.superseded - before.superseded).toBeGreaterThan(5)
    expect(after.installed).toBe(before.installed)
    expect(await page.locator('main').innerText()).not.toMatch(/patched|fixed/i)
  })

  it('calls it so in the picture of a single KB', async () => {
    const { page, show } = await openPage(browser, fleet)
    const { last } = fleet.ledger
    const replaced = fleet.ledger.intervals().find(({ interval: { end } }) => end?.look === last && end.reason === 'superseded')
    const kbId = replaced?.interval.kbId ?? ''
    await show(`?view=kb&kbId=${kbId}`)
    const [, trend] = kbQuestions(fleet.ledger, kbId)
    const { points } = trend?.expected as { points: { cumulative: Outcomes }[] }
    expect(await inPage<number[][][]>(page, stacksIn('svg.stack'))).toEqual([points.map(({ cumulative }) => outcomesOf(cumulative))])
    expect(points.at(-1)?.cumulative.superseded).toBeGreaterThan(0)
  })

  it('draws a machine as its history has it, and hatches the weeks of which nobody knows', async () => {
    const { page, show } = await openPage(browser, fleet)
    const withGaps = [...fleet.ledger.machines].filter(([, { gaps, intervals }]) => gaps.length > 0 && intervals.length > 0)
    expect(new Set(withGaps.flatMap(([, { gaps }]) => gaps.map(({ kind }) => kind)))).toEqual(new Set(['unknown', 'silent', 'skipped']))
    for (const [machineId, machine] of withGaps) {
      await show(`?view=machine&machineId=${machineId}`)
      const { lines, gaps, dates } = await inPage<Drawn>(page, TIMELINE)
      const scale = scaleOf(machine)
      expect(dates).toEqual([scale.from, scale.to].map((at) => new Date(at).toISOString().slice(0, 10)))
      expect(lines.toSorted(byText)).toEqual(
        machine.intervals
          .map(({ kbId, opened, end }) => [`KB${kbId}`, toneOf(end?.reason), ...scale.stretch(opened.at, end?.look.at)])
          .toSorted(byText),
      )
      expect(gaps).toEqual(machine.gaps.map(({ from, to }) => scale.stretch(from.at, to?.at)))
    }
  })

  it('has a link to a machine that has neither name nor group', async () => {
    const { page, show } = await openPage(browser, fleet)
    const nameless = [...fleet.ledger.machines].find(
      ([, { listed, open }]) => listed.name === null && listed.group === null && open.length > 0,
    )
    const [machineId = ''] = nameless ?? []
    await show(`?view=kb&kbId=${nameless?.[1].open[0]?.kbId ?? ''}`)
    const row = page.locator('tr', { hasText: `(no name) ${machineId.slice(0, 8)}` })
    expect(await row.textContent()).toContain('no group')
    await row.getByRole('link').click()
    await settled(page)
    expect(new URL(page.url()).searchParams.get('machineId')).toBe(machineId)
    expect(await page.locator('main').innerText()).toContain('no group')
  })
})

/** Stacks as figures, measured by the marks at their side: of each moment missing, superseded, installed and other. */
const stacksIn = (selector: string) => `[...document.querySelectorAll('${selector}')].map((svg) => {
  const [low, high] = [...svg.querySelectorAll('text.tick[text-anchor=end]')].slice(0, 2)
  const height = low.getAttribute('y') - (high.getAttribute('y') - 10)
  const top = Number(high.textContent.replaceAll(',', ''))
  return [...svg.querySelectorAll('g')].map((bar) =>
    ['missing', 'superseded', 'installed', 'other'].map((name) =>
      Math.round((100 * bar.querySelector('.' + name).getAttribute('height') * top) / height) / 100))
})`

type Outcomes = ReturnType<typeof cohortFigures>['points'][number]

function outcomesOf({ missing, superseded, installed, ...others }: Pick<Outcomes, 'missing' | Resolved>): number[] {
  const other = ['removed', 'excluded', 'silent', 'upgraded', 'reassessed'] as const
  return [missing, superseded, installed, sum(other.map((reason) => others[reason]))]
}

interface Drawn {
  /** KB, tone, and where its stretch begins and how wide it is, in shares of the whole. */
  lines: (string | number)[][]
  gaps: number[][]
  dates: string[]
}

/** The timeline of a machine, as it is drawn. */
const TIMELINE = `(() => {
  const svg = document.querySelector('svg.timeline')
  const [first, last] = [...svg.querySelectorAll(':scope > text')]
  const [left, right] = [first, last].map((text) => Number(text.getAttribute('x')))
  const stretch = (rect) => {
    const [x, width] = ['x', 'width'].map((name) => Number(rect.getAttribute(name)))
    return [(x - left) / (right - left), width / (right - left)].map((share) => Math.round(share * 1e4) / 1e4)
  }
  return {
    lines: [...svg.querySelectorAll(':scope > g')].flatMap((line) =>
      [...line.querySelectorAll('rect')].map((rect) => [line.querySelector('text').textContent, rect.getAttribute('class'), ...stretch(rect)])),
    gaps: [...svg.querySelectorAll('rect.hatched')].map(stretch),
    dates: [first, last].map((text) => text.textContent),
  }
})()`

/** From the first that is known of a machine to a day after the last. */
function scaleOf({ intervals, gaps }: MachineLedger) {
  const ats = [...intervals.flatMap(({ opened, end }) => [opened, end?.look]), ...gaps.flatMap(({ from, to }) => [from, to])].flatMap(
    (look) => look?.at ?? [],
  )
  const [from, to] = [Math.min(...ats), Math.max(...ats) + DAY_MS]
  const share = (ms: number) => Math.round((1e4 * ms) / (to - from)) / 1e4
  return { from, to, stretch: (start: number, end = to) => [share(start - from), share(end - start)] }
}

const toneOf = (reason: string | undefined) =>
  reason === undefined ? 'missing' : ['installed', 'superseded'].includes(reason) ? reason : 'other'

const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

/** Rows of the view of changes: machine, KB, change, reason. */
const CHANGES = `[...document.querySelectorAll('tbody')].flatMap((body) => {
  const machine = new URLSearchParams(body.querySelector('tr.of a').search).get('machineId')
  return [...body.querySelectorAll('tr:not(.of)')].map((row) => {
    const [change, kb, reason] = [...row.cells].map((cell) => cell.textContent)
    return [machine, kb.split(' ')[0], change, reason.split(/[ ,]/)[0]].join(' ')
  })
})`
