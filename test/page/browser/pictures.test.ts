import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sum } from '../../../dev/oracle/words.ts'
import { BROWSER, cellsOf, inPage, openBrowser, openPage, settled } from '../../support/page/browser.ts'
import { atLeastIn, callsIn, coverageIn } from '../../support/page/drawn.ts'
import { type ServedFleet, serveFleet } from '../../support/page/served-fleet.ts'

/** More takes long to lay out, on the computers that people have. */
const MOST_ELEMENTS = 3_000

interface Listed {
  snapshots: { snapshotId: string; status: string; api: { calls: number; throttled: number } }[]
}

describe.skipIf(!BROWSER)('the pictures, and what leads on from them', () => {
  let fleet: ServedFleet
  let browser: Browser
  beforeAll(async () => {
    ;[fleet, browser] = await Promise.all([serveFleet({ looks: 8, unknown: 4 }), openBrowser()])
  })
  afterAll(() => Promise.all([fleet.close(), browser.close()]))

  it('hatch what is "at least" at the foot of its age', async () => {
    const { page, show } = await openPage(browser, fleet)
    await show('?view=overview')
    const drawn = await atLeastIn(page)
    expect(drawn.map(({ counts }) => counts)).toEqual(fleet.points.map((point) => point.fleet.pairsAtLeast))
    expect(drawn.every(({ isAtFoot }) => isAtFoot)).toBe(true)
    // It would prove nothing if all were, or none.
    const last = fleet.points.at(-1)?.fleet
    expect(sum(last?.pairsAtLeast ?? [])).toBeGreaterThan(0)
    expect(sum(last?.pairsAtLeast ?? [])).toBeLessThan(sum(last?.pairs ?? []))
  })

  it('are one shape an age where there are many bars, with a table of the newest', async () => {
    const { page, show } = await openPage(browser, fleet)
    await page.route('**/page/data/trends*', async (route) => {
      const answer = (await (await route.fetch()).json()) as { points: object[] }
      const points = Array.from({ length: 400 }, (_, index) => ({ ...answer.points.at(index % 8), snapshotId: String(index) }))
      await route.fulfill({ json: { ...answer, points } })
    })
    await show('?view=overview&from=-365d')
    const shapes = await inPage<Record<string, number>>(
      page,
      `({ ages: document.querySelectorAll('.bars path[class^=age]').length, bars: document.querySelectorAll('.choosable g.bar').length,
          hatched: [...document.querySelectorAll('.bars .at-least')].filter((path) => path.getAttribute('d') !== '').length })`,
    )
    expect(shapes).toEqual({ ages: 5, bars: 1, hatched: expect.any(Number) as number })
    expect(shapes['hatched']).toBeGreaterThan(0)
    expect(await cellsOf(page, 'Missing pairs by age')).toHaveLength(100)
    expect(await page.getByText('These are the newest 100 of 400; the file has all.').count()).toBe(1)
    expect(await inPage<number>(page, `document.querySelectorAll('*').length`)).toBeLessThanOrEqual(MOST_ELEMENTS)
  })

  it('show groups by month, each by the machine', async () => {
    const { page, show } = await openPage(browser, fleet)
    await show('?view=overview')
    const shown = Object.fromEntries((await cellsOf(page, 'Over 30 days, per machine')).map(([key = '', ...cells]) => [key, cells]))
    const [march, april] = [fleet.points[4], fleet.points.at(-1)].map((point) => point?.groups.rbacGroup)
    const aMachine = (point?: { pairs: number[]; asked: number }) => (point ? (sum(point.pairs.slice(2)) / point.asked).toFixed(1) : '–')
    const truth = [...(april ?? [])].map(([key, point]) => [
      key ?? 'no group',
      [`${point.asked}`, `${point.unknown} (100 %)`, `${sum(point.pairs)}`, aMachine(march?.get(key)), aMachine(point)],
    ])
    expect(shown).toEqual(Object.fromEntries(truth))
    expect(new Set(truth.map(([, cells]) => cells?.[4])).size).toBeGreaterThan(1)
  })

  it('show what coverage and assessed lack, calls beside the quota, and where there was no snapshot', async () => {
    const { page, show } = await openPage(browser, fleet)
    await page.route('**/page/data/status*', async (route) => {
      const answer = (await (await route.fetch()).json()) as { budget: object }
      await route.fulfill({ json: { ...answer, budget: { ...answer.budget, hour: { used: 1, limit: 60 } } } })
    })
    let calls: number[] = []
    await page.route('**/page/data/snapshots?*', async (route) => {
      const { snapshots } = (await (await route.fetch()).json()) as Listed
      const told = snapshots.filter(({ snapshotId }) => !snapshotId.startsWith('20260323')).map(withTrouble)
      calls = told.map(({ api }) => api.calls).toReversed()
      await route.fulfill({ json: { snapshots: told } })
    })
    await show('?view=snapshots')
    await page.locator('line.quota').waitFor({ state: 'attached' })
    const truth = fleet.points.map((point) => point.fleet).filter(({ look }) => !look.snapshotId.startsWith('20260323'))
    const share = (count: number, { asked }: { asked: number }) => Math.round((1e4 * count) / asked) / 100
    expect(await coverageIn(page)).toEqual({
      snapshots: truth.map((point, index) => ({
        tone: index === 0 ? 'failed' : point.unknown > 0 ? 'partly' : 'whole',
        unknown: index === 0 ? 0 : share(point.unknown, point),
        silent: index === 0 ? 0 : point.look.snapshotId.startsWith('20260330') ? 10 : share(point.silent, point),
      })),
      pauses: 1,
    })
    expect(truth.some(({ unknown }) => unknown > 0)).toBe(true)
    expect(await callsIn(page)).toEqual({ heard: calls.map((count) => count - 7), throttled: calls.map(() => 7), quota: 60 })
    const last = calls.at(-1) ?? 0
    const part = last > 60 ? `the quota of ${Math.ceil(last / 60)} hours` : `${Math.floor((1000 * last) / 60) / 10} %`
    expect(await page.locator('figcaption').last().innerText()).toContain(`${last} calls, ${part}`)
    expect(await page.locator('figcaption').last().innerText()).toContain('7 throttled')
  })

  it('lead from every number of the first screen to as many rows', async () => {
    const { page, show } = await openPage(browser, fleet)
    await show('?view=overview')
    const links = await inPage<[string, string][]>(
      page,
      `[...document.querySelectorAll('.tile .of a')].map((link) => [link.textContent, link.getAttribute('href')])`,
    )
    const counted = links.flatMap(([text, href]) => {
      const [, count, name = ''] = /^(\d+)\s(unknown|silent|machines|KBs|installed|superseded|otherwise|still missing)$/.exec(text) ?? []
      return count === undefined ? [] : [{ name, href, count: Number(count) }]
    })
    expect(counted).toHaveLength(9)
    for (const { name, href, count } of counted) {
      await show(href)
      expect(await countedOn(page, name), name).toBe(count)
    }
  })

  it('say that nothing is known where no machine has answered, and not that nothing is missing', async () => {
    const { page, show } = await openPage(browser, fleet)
    await page.route('**/page/data/overview*', async (route) => {
      const answer = (await (await route.fetch()).json()) as { totals: object; trend: { points: object[] } }
      const points = answer.trend.points.map((point) => ({ ...point, observed: 0, pairs: [0, 0, 0, 0, 0] }))
      const totals = { pairs: 0, atLeast: 0, ages: [0, 0, 0, 0, 0], machines: 0, kbs: 0 }
      await route.fulfill({ json: { ...answer, totals, trend: { ...answer.trend, points }, worstKbs: [], oldestMachines: [] } })
    })
    await show('?view=overview')
    const text = await page.locator('main').innerText()
    expect(text).toContain('No machine has answered')
    expect(text).toContain('nothing is known')
    expect(text).not.toMatch(/nothing is missing|misses anything/i)
  })

  it('are told apart where colours are forced', async () => {
    const forced = await openPage(browser, fleet, { forcedColors: 'active' })
    await forced.show('?view=overview')
    const fills = await inPage<string[]>(
      forced.page,
      `[...document.querySelectorAll('.swatch')].map((swatch) => getComputedStyle(swatch).background + getComputedStyle(swatch).borderColor)`,
    )
    expect(new Set(fills).size).toBe(fills.length)
  })
})

/** A snapshot of which seven calls were refused; the first of all failed, and in another every tenth machine was silent. */
const withTrouble = (snapshot: Listed['snapshots'][number]) => ({
  ...snapshot,
  ...(snapshot.snapshotId.startsWith('20260302') && { status: 'failed' }),
  ...(snapshot.snapshotId.startsWith('20260330') && { assessed: 0.9 }),
  api: { ...snapshot.api, throttled: 7 },
})

/** What the rows of a view add up to, by what they are counted for. */
async function countedOn(page: Page, name: string): Promise<number> {
  await settled(page)
  const rows = (await page.locator('main table').count()) === 0 ? [] : await inPage<string[][]>(page, ROWS)
  if (name !== 'still missing') return rows.length
  // A machine's row counts its KBs.
  const missing = await inPage<number>(
    page,
    `[...document.querySelectorAll('main thead th')].findIndex(({ textContent }) => textContent === 'Missing')`,
  )
  return sum(rows.map((cells) => Number(cells[missing])))
}

const ROWS = `[...document.querySelectorAll('main tbody tr:not(.of)')].map((row) => [...row.cells].map((cell) => cell.textContent))`
