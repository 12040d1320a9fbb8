import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { viewsOf as viewsOfLarge } from '../../../dev/bench/views.ts'
import { writeFleet } from '../../../dev/bench/write-fleet.ts'
import { DRAWN_CONTRASTS, type DrawnContrasts } from '../../../dev/page/drawn-contrasts.ts'
import { snapshotStartMs } from '../../../src/domain/index.ts'
import { BROWSER, inPage, openBrowser, openPage, settled } from '../../support/page/browser.ts'
import { type ServedFleet, serveFleet } from '../../support/page/served-fleet.ts'
import { viewsOf } from '../../support/page/views.ts'
import { sized } from '../../support/test-size.ts'
import { HOUR } from '../../support/world.ts'

/** More takes long to lay out, on the computers that people have. */
const MOST_ELEMENTS = 3_000
/** Of storage, for the overview of any fleet. */
const MOST_REQUESTS = 6

/** At this width a table shows what fits; a narrower one scrolls. */
const TELEPHONE = 360

describe.skipIf(!BROWSER)('how the page looks', () => {
  let fleet: ServedFleet
  let browser: Browser
  beforeAll(async () => {
    ;[fleet, browser] = await Promise.all([serveFleet({ looks: 6, unknown: 4 }), openBrowser()])
  })
  afterAll(() => Promise.all([fleet.close(), browser.close()]))

  it('breaks no rule of accessibility in any view, light or dark', async () => {
    // The tool is a script of its own, which the page's policy would refuse.
    const { page, show } = await openPage(browser, fleet, { bypassCSP: true })
    for (const query of viewsOf(fleet)) {
      await show(query)
      for (const summary of await page.locator('summary').all()) await summary.click()
      await inPage(page, `${axe.source}; 0`)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await inPage<string[]>(page, AXE), `${query} ${colorScheme}`).toEqual([])
        // Of texts in pictures, and of pictures, the tool knows nothing.
        const { text, shapes } = await inPage<DrawnContrasts>(page, DRAWN_CONTRASTS)
        expect.soft(text.ratio, `${query} ${colorScheme}: ${text.of}`).toBeGreaterThanOrEqual(4.5)
        expect.soft(shapes.ratio, `${query} ${colorScheme}: ${shapes.of}`).toBeGreaterThanOrEqual(3)
      }
    }
    const { page: door } = await openPage(browser, fleet, { bypassCSP: true, key: null })
    await door.goto(fleet.url)
    await door.getByLabel('Function key').waitFor()
    await inPage(door, `${axe.source}; 0`)
    expect(await inPage<string[]>(door, AXE), 'the form').toEqual([])
  })

  it.each([
    [320, 100],
    [TELEPHONE, 100],
    [1280, 100],
    [1280, 200],
    [3840, 100],
  ])('fits into %i px with letters at %i percent: nothing stands out at the side', async (width, percent) => {
    const { page, show } = await openPage(browser, fleet, { viewport: { width, height: 800 } })
    for (const query of viewsOf(fleet)) {
      await show(query)
      if (percent !== 100) await inPage(page, `document.documentElement.style.fontSize = '${percent}%'`)
      for (const summary of await page.locator('summary').all()) await summary.click()
      expect(await inPage<string[]>(page, OUTSIDE), query).toEqual([])
      if (width === TELEPHONE) expect(await inPage<string[]>(page, SIDEWAYS), query).toEqual([])
    }
  })

  it('is a report on paper: no controls, heads that repeat, both dates, in light', async () => {
    const { page, show } = await openPage(browser, fleet, { colorScheme: 'dark' })
    const { first, last } = fleet.ledger
    for (const query of ['?view=overview', `?view=changes&from=${first.snapshotId}&to=${last.snapshotId}`]) {
      await page.emulateMedia({ media: 'screen' })
      await show(query)
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      expect(await visibleOf(page, 'header, button, input, select, .skip, summary'), query).toEqual([])
      expect(await inPage<string>(page, `getComputedStyle(document.querySelector('thead')).display`)).toBe('table-header-group')
      expect(await inPage<string>(page, `getComputedStyle(document.querySelector('tbody tr')).breakInside`)).toBe('avoid')
      expect(await inPage<string>(page, `getComputedStyle(document.documentElement).backgroundColor`)).toBe('rgb(255, 255, 255)')
      const text = await page.locator('body').innerText()
      for (const told of [`Snapshot ${last.snapshotId}`, fleet.simulator.tenantId, page.url(), 'Printed']) expect(text).toContain(told)
      if (query.includes('from=')) expect(text).toContain(`Snapshot ${first.snapshotId}`)
      await settled(page)
      const pdf = await page.pdf({ format: 'A4', printBackground: true })
      expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(1)
    }
  })

  // The last one: it writes a large fleet over the one that is there.
  it('shows a large fleet with no more elements than a slow computer can lay out, by a few requests of storage', async () => {
    const large = await writeFleet(fleet.store, sized(1_000, 10_000))
    fleet.moveTo(snapshotStartMs(large.newestSnapshotId) + 6 * HOUR)
    const before = fleet.requests()
    expect((await fleet.served.call('/api/overview')).status).toBe(200)
    expect(fleet.requests() - before).toBeLessThanOrEqual(MOST_REQUESTS)

    const { page, show, seen } = await openPage(browser, fleet)
    await page.route('**/page/data/tenants?limit=1000', async (route) => {
      const answer = await route.fetch()
      const { tenants } = (await answer.json()) as { tenants: [object] }
      const many = Array.from({ length: 1_000 }, (_, index) => ({ ...tenants[0], tenantId: String(index) }))
      await route.fulfill({ response: answer, json: { tenants: many } })
    })
    const counts: Record<string, number> = {}
    for (const query of viewsOfLarge(large)) {
      await show(query)
      expect(await page.getByRole('alert').allInnerTexts(), query).toEqual([])
      counts[query] = await inPage(page, `document.querySelectorAll('*').length`)
    }
    expect(Object.entries(counts).filter(([, count]) => count > MOST_ELEMENTS)).toEqual([])
    expect(Math.max(...Object.values(counts))).toBeGreaterThan(MOST_ELEMENTS / 2)
    expect(seen.uncaught).toEqual([])
  })
})

/** What the tool finds, and where. */
const AXE = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 160))))`

/** What goes over the page's side, but for what scrolls by itself; the page among them. */
const OUTSIDE = `[...document.querySelectorAll('html, body *')]
  .filter((element) => !element.closest('.scroll *, form.filters *, .skip, svg *, .search label'))
  .filter((element) => element.getClientRects().length > 0)
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 || (element.tagName === 'HTML' && element.scrollWidth > innerWidth))
  .map((element) => element.outerHTML.slice(0, 120))`

/** Tables that are wider than their place, and scroll in it, but for those that one opens. */
const SIDEWAYS = `[...document.querySelectorAll('.scroll')].filter((region) => !region.closest('details')).filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
  .map((region) => region.getAttribute('aria-label') + ' ' + region.scrollWidth)`

const visibleOf = (page: Page, selector: string) =>
  inPage<string[]>(
    page,
    `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((element) => element.checkVisibility())
      .map((element) => element.outerHTML.slice(0, 120))`,
  )
