import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BROWSER, inPage, openBrowser, openPage, settled } from '../../support/page/browser.ts'
import { type ServedFleet, serveFleet } from '../../support/page/served-fleet.ts'
import { snapshotIdsOf } from '../../support/page/snapshots-of.ts'
import { viewsOf } from '../../support/page/views.ts'
import { PAGE_KEY } from '../../support/served-page.ts'
import { HOUR } from '../../support/world.ts'

const PROBLEM = { title: 'Bad request', detail: 'That is no date.', status: 400, parameter: 'from' }

interface State {
  status: number
  contentType: string
  body: string
  says: string
  /** Two views are enough. */
  isRare?: true
}

/** What may come in place of an answer, and what the page says to it. */
const STATES: Record<string, State> = {
  'a problem': { status: 400, contentType: 'application/problem+json', body: JSON.stringify(PROBLEM), says: 'That is no date.' },
  'no storage': {
    status: 503,
    contentType: 'application/problem+json',
    body: JSON.stringify({ title: 'Service unavailable', detail: 'The tables cannot be reached.', status: 503 }),
    says: 'The tables cannot be reached.',
    isRare: true,
  },
  'HTML with status 200': { status: 200, contentType: 'text/html', body: '<h1>Sign in</h1>', says: 'Not an answer of the app' },
  'HTML that says it is JSON': {
    status: 200,
    contentType: 'application/json',
    body: '<h1>Sign in</h1>',
    says: 'Not an answer of the app',
    isRare: true,
  },
  'JSON of another shape': { status: 200, contentType: 'application/json', body: '{"hello":[]}', says: 'Not an answer of the app' },
  null: { status: 200, contentType: 'application/json', body: 'null', says: 'Not an answer of the app', isRare: true },
  'a gateway that gave up': { status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>', says: '(status 502)', isRare: true },
}

describe.skipIf(!BROWSER)('the page, whatever answers', () => {
  let fleet: ServedFleet
  let browser: Browser
  beforeAll(async () => {
    ;[fleet, browser] = await Promise.all([serveFleet({ looks: 0 }), openBrowser()])
  })
  afterAll(() => Promise.all([fleet.close(), browser.close()]))

  it('says before the first snapshot that there is none yet', async () => {
    const { page, show, seen } = await openPage(browser, fleet)
    for (const view of ['overview', 'changes', 'machine&machineId=0', 'kb&kbId=1', 'cohorts', 'groups', 'snapshots', 'tenants']) {
      await show(`?view=${view}`)
      expect((await page.locator('main').innerText()).split('\n').length, view).toBeGreaterThan(1)
    }
    await show('?view=overview')
    expect(await page.getByRole('alert').innerText()).toContain('No snapshot yet')
    expect(seen.uncaught).toEqual([])
    await fleet.look()
    await fleet.look()
    await fleet.look(3)
  })

  it.each(Object.entries(STATES))('says so where %s comes, in each view', async (_, { says, isRare, ...answer }) => {
    const { page, show, seen } = await openPage(browser, fleet)
    await page.route('**/page/data/**', (route) => route.fulfill(answer))
    for (const query of viewsOf(fleet).slice(0, isRare ? 2 : undefined)) {
      await show(query)
      expect(await page.getByRole('alert').first().innerText(), query).toContain(says)
      expect(await page.locator('h1').count(), query).toBe(1)
    }
    expect(seen.uncaught).toEqual([])
  })

  it('keeps what breaks in a view to the view', async () => {
    const { page, show, seen } = await openPage(browser, fleet)
    await page.route('**/page/data/overview*', (route) =>
      route.fulfill({ json: { asOf: {}, totals: {}, trend: { points: [{}] }, cohorts: [] } }),
    )
    await show('?view=overview')
    expect(await page.getByRole('alert').innerText()).toContain('This view broke')
    await page.getByRole('link', { name: 'Groups' }).click()
    await page.locator('table.heat').waitFor()
    expect(seen.uncaught).toEqual([])
  })

  it('says that there is no connection, and asks for a key where one is refused', async () => {
    const { page, show, seen } = await openPage(browser, fleet)
    await page.route('**/page/data/overview*', (route) => route.abort())
    await show('?view=overview')
    expect(await page.getByRole('alert').innerText()).toContain('No connection')
    const refused = await openPage(browser, fleet, { key: 'not a key' })
    await refused.page.goto(`${fleet.url}?view=overview`)
    await refused.page.getByLabel('Function key').waitFor()
    expect(await refused.page.locator('main').innerText()).toContain('The app refused that key.')
    expect([...seen.uncaught, ...refused.seen.uncaught]).toEqual([])
  })

  it('shows a skeleton while an answer is late, and lets the last choice win', async () => {
    const { page, show, seen } = await openPage(browser, fleet)
    await show('?view=groups')
    const held: (() => Promise<void>)[] = []
    await page.route('**/page/data/groups?by=osPlatform*', (route) => void held.push(() => route.continue()))
    const measure = page.getByLabel('By', { exact: true })
    const late = page.waitForRequest(/by=osPlatform/)
    await measure.selectOption('osPlatform')
    await late
    expect(await page.locator('.skeleton, [aria-busy="true"]').count()).toBe(1)
    await measure.selectOption('rbacGroup')
    await settled(page)
    const stands = await page.locator('table.heat').innerText()
    for (const release of held) await release().catch(() => undefined)
    // Whatever the late answer does, it has done before this one is shown.
    await page.getByLabel('Measure').selectOption('pairs')
    await page.getByLabel('Measure').selectOption('over30')
    await settled(page)
    expect(await page.locator('table.heat').innerText()).toBe(stands)
    expect(stands).toContain('Workstations')
    expect(seen.uncaught).toEqual([])
  })

  it('asks nobody but the app, breaks no policy and logs no error, in each view', async () => {
    const { page, show, seen } = await openPage(browser, fleet)
    for (const query of viewsOf(fleet)) {
      await show(query)
      for (const summary of await page.locator('summary').all()) await summary.click()
    }
    expect(seen).toMatchObject({ console: [], uncaught: [], foreign: [], dialogs: [] })
    expect(seen.requests.length).toBeGreaterThan(viewsOf(fleet).length)
  })

  it('leaves a typed key in no address, history, storage, cookie or log', async () => {
    const { page, seen } = await openPage(browser, fleet, { key: null })
    await page.goto(`${fleet.url}?view=overview`)
    for (const isKept of [false, true]) {
      // Whoever has no mouse begins where the key goes.
      await expect.poll(() => inPage(page, 'document.activeElement.id')).toBe('key')
      await page.keyboard.type(fleet.key)
      await page.getByLabel('Keep it').setChecked(isKept)
      await page.getByLabel('Function key').press('Enter')
      await page.getByRole('link', { name: isKept ? 'Overview' : 'What changed' }).click()
      await settled(page)
      expect(await placesOf(page, fleet.key)).toEqual(isKept ? ['sessionStorage'] : [])
      await page.reload()
    }
    // Kept, it is not asked for again.
    await settled(page)
    expect(await page.getByLabel('Function key').count()).toBe(0)
    expect(
      [...seen.requests, JSON.stringify(fleet.log), JSON.stringify(fleet.served.hostLog)].filter((text) => text.includes(fleet.key)),
    ).toEqual([])
  })

  it('takes a snapshot for a key that opens that, and says of one that opens only the page that it does not', async () => {
    const reader = await openPage(browser, fleet, { key: PAGE_KEY })
    await reader.show('?view=snapshots')
    await reader.page.getByRole('button', { name: 'Take a snapshot now' }).click()
    await reader.page.getByText('That key does not open it').waitFor()
    const snapshotIds = () => snapshotIdsOf(fleet)
    expect(await snapshotIds()).toEqual(fleet.ledger.looks.map(({ snapshotId }) => snapshotId).toReversed())

    fleet.moveTo(fleet.ledger.last.at + 6 * HOUR)
    const { page, show, seen } = await openPage(browser, fleet)
    await show('?view=snapshots')
    for (const words of ['Asked for: the snapshot of 2026-03-16 08:00', 'The snapshot of 2026-03-16 08:00 is under way already']) {
      await page.getByRole('button', { name: 'Take a snapshot now' }).click()
      await page.getByText(words).waitFor()
    }
    expect((await snapshotIds())[0]).toBe('20260316T080000Z')
    expect([...seen.uncaught, ...reader.seen.uncaught]).toEqual([])
    expect(new Set(seen.foreign)).toEqual(new Set([`${fleet.served.url}/api/sync`]))
  })

  it('takes a planted key out of the address at once, and sends it nowhere', async () => {
    const { page, seen } = await openPage(browser, fleet)
    await page.goto(`${fleet.url}?code=planted&view=groups`)
    await page.locator('h1').waitFor()
    expect(await placesOf(page, 'planted')).toEqual([])
    expect(page.url()).toBe(`${fleet.url}?view=groups`)
    expect(seen.requests.filter((url) => url.includes('planted'))).toHaveLength(1)
  })
})

/** Where a text stands that should stand nowhere. */
async function placesOf(page: Page, text: string): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  const { entries } = await session.send('Page.getNavigationHistory')
  const places = {
    address: page.url(),
    history: JSON.stringify(entries.map(({ url }) => url)),
    cookies: JSON.stringify(await page.context().cookies()),
    localStorage: await inPage<string>(page, 'JSON.stringify({ ...localStorage })'),
    sessionStorage: await inPage<string>(page, 'JSON.stringify({ ...sessionStorage })'),
    window: await inPage<string>(page, 'JSON.stringify(window.name) + JSON.stringify(history.state)'),
  }
  return Object.entries(places).flatMap(([name, value]) => (value.includes(text) ? [name] : []))
}
