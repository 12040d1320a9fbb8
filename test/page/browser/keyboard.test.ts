import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cohortFigures } from '../../../dev/oracle/figures/cohorts.ts'
import { idOf } from '../../../dev/oracle/look.ts'
import { instantOf, sum } from '../../../dev/oracle/words.ts'
import { BROWSER, cellsOf, inPage, openBrowser, openPage, settled } from '../../support/page/browser.ts'
import { expectFiveAnswers } from '../../support/page/five-answers.ts'
import { expectHeading, focused, reach } from '../../support/page/keyboard.ts'
import { type ServedFleet, serveFleet } from '../../support/page/served-fleet.ts'
import { askedSoFar, hasEnded, snapshotIdsOf } from '../../support/page/snapshots-of.ts'
import { countsOf, reasonsOf } from '../../support/page/true-changes.ts'
import { signedIn } from '../../support/principal.ts'
import { HOUR, WEEK } from '../../support/world.ts'

/** Few enough that a snapshot of the fleet takes several minutes. */
const CALLS_A_MINUTE = 15
const LOOKS = 6
/** How often the page asks how a snapshot gets on. */
const WHILE_RUNNING_MS = 15_000

/** A bound for a snapshot that does not go on. */
const MOST_MINUTES = 20

const BUTTON = { name: 'Take a snapshot now' }

// No mouse at all. People sign in here, so that what the page offers is what their roles allow; the platform is played by its setting and its
// header.
describe.skipIf(!BROWSER)('the page by the keyboard alone', () => {
  let fleet: ServedFleet
  let browser: Browser
  beforeAll(async () => {
    const settings = { PAGE_SIGN_IN: 'entra', WEBSITE_AUTH_ENABLED: 'True', SYNC_CALLS_PER_MINUTE: String(CALLS_A_MINUTE) }
    ;[fleet, browser] = await Promise.all([serveFleet({ looks: LOOKS, unknown: 4, settings }), openBrowser()])
  })
  afterAll(() => Promise.all([fleet.close(), browser.close()]))

  /** The page of somebody with these roles. */
  const openAs = (...roles: string[]) =>
    openPage(browser, fleet, { key: null, extraHTTPHeaders: signedIn(fleet.simulator.tenantId, ...roles) })
  const open = () => openAs('patchtrail.read', 'patchtrail.sync')

  it('begins with the skip link, and leads by / to what is searched for', async () => {
    const { page, show } = await open()
    await show('?view=overview')
    await expectHeading(page, 'Overview')
    await reach(page, page.locator('a.skip'), 'Shift+Tab')
    await page.keyboard.press('Enter')
    expect(await focused(page)).toBe('main')
    expect(new URL(page.url()).searchParams.get('view')).toBe('overview')
    await page.keyboard.press('/')
    expect(await focused(page)).toBe('search')
    await page.keyboard.type('srv-')
    await reach(page, page.getByRole('list', { name: 'Found' }).getByRole('link').first())
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Machine')
    await page.goBack()
    await expectHeading(page, 'Overview')
  })

  it('reads the five answers, and follows each to its rows and back', async () => {
    const { page, show } = await open()
    await show('?view=overview')
    await expectHeading(page, 'Overview')
    await expectFiveAnswers(page, fleet, { hoursAgo: 6 })
    for (const [answer, leadsTo] of Object.entries(LEADS)) {
      await reach(
        page,
        page
          .getByRole('heading', { name: new RegExp(`^${answer}`) })
          .locator('xpath=..')
          .getByRole('link')
          .first(),
      )
      await page.keyboard.press('Enter')
      await expectHeading(page, leadsTo)
      await page.goBack()
      await expectHeading(page, 'Overview')
    }
  })

  it('reads every bar, and goes to what changed since one', async () => {
    const { page, show } = await open()
    await show('?view=overview')
    await reach(page, page.getByRole('img', { name: /^Missing pairs by age/ }))
    await page.keyboard.press('Home')
    for (const { fleet: truth } of fleet.points) {
      const ages = ['0–7 d', '8–30 d', '31–60 d', '61–90 d', 'over 90 d'].map((age, index) => `${truth.pairs[index]} of ${age}`)
      await page.getByText(`${dayOf(truth.look.at)}: ${sum(truth.pairs)} missing; ${ages.join(', ')}`).waitFor()
      await page.keyboard.press('ArrowRight')
    }
    for (const [key, look] of [
      ['ArrowLeft', -2],
      ['End', -1],
      ['Home', 0],
      ['ArrowLeft', 0],
    ] as const) {
      await page.keyboard.press(key)
      await page.getByText(`${dayOf(fleet.ledger.looks.at(look)?.at ?? 0)}: `).waitFor()
    }
    await page.keyboard.press('Enter')
    await expectHeading(page, 'What changed')
    const { first, last } = fleet.ledger
    expect(new URL(page.url()).search).toBe(`?view=changes&from=${first.snapshotId}&to=${last.snapshotId}`)
    await page.goBack()
    await reach(page, page.getByText('as a table').first())
    await page.keyboard.press('Enter')
    await reach(page, page.getByRole('region', { name: 'Missing pairs by age' }))
  })

  it('adds the reasons up, works every control of what changed, and goes back through each', async () => {
    const { page, show } = await open()
    const { first, last } = fleet.ledger
    await show('?view=overview')
    await reach(page, page.getByRole('link', { name: 'What changed' }), 'Shift+Tab')
    await page.keyboard.press('Enter')
    await expectHeading(page, 'What changed')
    const addresses = [page.url()]
    for (const { name, find, keys, address, isBefore } of CONTROLS) {
      await reach(page, find(page.getByRole('main')).first(), isBefore ? 'Shift+Tab' : 'Tab')
      const before = await focused(page)
      for (const key of keys) await page.keyboard.press(key)
      await page.waitForURL(address)
      await settled(page)
      expect(await focused(page), name).toBe(before)
      addresses.push(page.url())
    }
    // One step a control: Back walks through no letters and no digits.
    for (const address of addresses.slice(0, -1).toReversed()) {
      await page.goBack()
      expect(page.url()).toBe(address)
      await settled(page)
      expect(await focused(page)).not.toMatch(/^BODY/)
    }
    await page.goForward()
    await show(`?view=changes&from=${first.snapshotId}&to=${last.snapshotId}`)
    const texts: string[] = []
    for (const reason of await page.locator('.reasons').getByRole('button').all()) {
      await reach(page, reason)
      texts.push(await inPage<string>(page, 'document.activeElement.textContent'))
    }
    expect(countsOf(texts)).toEqual(reasonsOf(fleet.ledger))
  })

  it('comes to a machine, and to one that has neither name nor group, and reads what it missed', async () => {
    const { page, show } = await open()
    const [machineId = '', machine] =
      [...fleet.ledger.machines].find(([, { listed, open: own }]) => listed.name === null && listed.group === null && own.length > 0) ?? []
    await show('?view=overview')
    await page.keyboard.press('/')
    await page.keyboard.type(machine?.open[0]?.kbId ?? '')
    await reach(page, page.getByRole('list', { name: 'Found' }).getByRole('link').first())
    await page.keyboard.press('Enter')
    await expectHeading(page, /^H1 KB\d/)
    await reach(page, page.getByRole('link', { name: `(no name) ${machineId.slice(0, 8)}` }))
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Machine')
    expect(new URL(page.url()).searchParams.get('machineId')).toBe(machineId)
    await reach(page, page.getByRole('region', { name: /^What it missed/ }))
    const rows = (machine?.intervals ?? []).map(({ kbId, opened, reason, end }) => [
      `KB${kbId}`,
      `${dayOf(opened.at)}, ${reason}`,
      end ? `${dayOf(end.look.at)}, ${end.reason}` : 'still missing',
    ])
    const shown = (await cellsOf(page, 'What it missed')).map(([kb = '', appeared, resolved = '']) => [
      kb.split(' ')[0],
      appeared,
      resolved.split(' by ')[0],
    ])
    expect(shown.toSorted()).toEqual(rows.toSorted())
    await page.goBack()
    await expectHeading(page, /^H1 KB\d/)
    await page.goBack()
    await expectHeading(page, 'Overview')
  })

  it('reads what became of each Patch Tuesday, superseded apart from installed', async () => {
    const { page, show } = await open()
    await show('?view=overview')
    await reach(page, page.getByRole('navigation').getByRole('link', { name: 'Patch Tuesdays' }), 'Shift+Tab')
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Patch Tuesdays')
    await reach(page, page.getByRole('region', { name: 'Patch Tuesdays' }))
    const rows = await cellsOf(page, 'Patch Tuesdays')
    const truth = rows.map(([month = '']) => cohortFigures(fleet.ledger, month.replace('-', '')).points.at(-1))
    expect(rows.map((cells) => cells.slice(3, 7))).toEqual(
      truth.map((last) => [last?.opened, last?.missing, last?.installed, last?.superseded].map(String)),
    )
    expect(sum(truth.map((last) => last?.superseded ?? 0))).toBeGreaterThan(0)
  })

  it('loses the focus to nothing that goes away', async () => {
    const { page, show } = await open()
    await show('?view=overview')
    await page.keyboard.press('/')
    await page.keyboard.type('srv-')
    const found = page.getByRole('list', { name: 'Found' }).getByRole('link').first()
    await reach(page, found)
    await page.keyboard.press('Escape')
    expect(await focused(page), 'what was found').toBe('search')

    await page.keyboard.type('srv-')
    await reach(page, found)
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Machine')
    await page.keyboard.press('/')
    await page.keyboard.type('srv-')
    await reach(page, found)
    await page.keyboard.press('Enter')
    await found.waitFor({ state: 'detached' })
    expect(await focused(page), 'what leads to where one is').toBe('main')

    // Short pages, so that there are several.
    await page.route('**/page/data/diffs?*', (route) => route.continue({ url: route.request().url().replace('limit=200', 'limit=60') }))
    const { first, last } = fleet.ledger
    await show(`?view=changes&from=${first.snapshotId}&to=${last.snapshotId}`)
    let pages = 1
    for (; (await page.getByRole('button', { name: 'Next' }).count()) > 0; pages++) {
      await reach(page, page.getByRole('button', { name: 'Next' }))
      await page.keyboard.press('Enter')
      await page.waitForURL(/cursor=/)
      await settled(page)
      expect(await focused(page), `page ${pages}`).not.toMatch(/^BODY/)
    }
    expect(pages).toBeGreaterThan(1)
    await page.goBack()
    await settled(page)
    expect(await focused(page), 'Back to the page before').not.toMatch(/^BODY/)

    await page.route('**/page/data/groups*', (route) => route.fulfill({ json: { groups: [{}], months: [] } }))
    await reach(page, page.getByRole('navigation').getByRole('link', { name: 'Groups' }), 'Shift+Tab')
    await page.keyboard.press('Enter')
    await page.getByText('This view broke').waitFor()
    expect(await focused(page), 'what breaks').not.toMatch(/^BODY/)
  })

  it('asks for a snapshot: it is pending, then goes on, then is there, and whoever asks meanwhile is led to it', async () => {
    const { page, show, seen } = await open()
    await page.clock.install()
    await show('?view=snapshots')
    const asked = silencedWeek(fleet)
    const name = minuteOf(asked.at)
    await reach(page, page.getByRole('button', BUTTON))
    await page.keyboard.press('Enter')
    await page.getByText(`Asked for: the snapshot of ${name}`).waitFor()
    await page.getByText(`Snapshot of ${name} pending, 0 %`).waitFor()

    expect(await focused(page)).toBe(`BUTTON ${BUTTON.name}`)
    await page.keyboard.press('Enter')
    await page.getByText(`The snapshot of ${name} is under way already`).waitFor()
    await reach(page, page.getByRole('link', { name: `The snapshot of ${name}` }))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: `Unknown on ${name}` }).waitFor()
    expect(new URL(page.url()).searchParams.get('snapshotId')).toBe(idOf(asked.at))

    const told: { shown: number; answered: number; tried: number }[] = []
    for (;;) {
      await fleet.tick()
      if (await hasEnded(fleet, asked.at)) break
      told.push({ shown: await percentAfterPoll(page, name), ...askedSoFar(fleet, asked.at) })
      expect(told.length).toBeLessThan(MOST_MINUTES)
    }
    fleet.taken(asked)
    // Those of which a gateway made an error are done when they have been tried often enough.
    const all = fleet.points.at(-1)?.fleet.asked ?? 0
    for (const { shown, answered, tried } of told) {
      expect(shown).toBeGreaterThanOrEqual(Math.floor((100 * answered) / all))
      expect(shown).toBeLessThanOrEqual(Math.floor((100 * tried) / all))
    }
    expect(told.length).toBeGreaterThan(1)
    await page.clock.fastForward(WHILE_RUNNING_MS)
    await page.getByText(`The snapshot of ${name} has ended.`).waitFor()
    expect(await page.getByText(/running|under way/).count()).toBe(0)
    await settled(page)
    // Without a reload.
    const now = fleet.points.at(-1)?.fleet
    expect((await cellsOf(page, 'Snapshots'))[0]?.slice(0, 4)).toEqual([name, 'incomplete', String(now?.observed), String(now?.unknown)])
    expect(now?.unknown).toBe(asked.unknown.size)
    expect(seen).toMatchObject({ uncaught: [], foreign: [] })

    // What came to pass meanwhile has taken the focus from nobody.
    expect(await focused(page)).toBe(`A The snapshot of ${name}`)
    await reach(page, page.getByRole('link', { name: 'Overview' }), 'Shift+Tab')
    await page.keyboard.press('Enter')
    await settled(page)
    await expectFiveAnswers(page, fleet, { hoursAgo: 0 })
  })

  it('asks for none without the role: there is no button, and the request itself is refused', async () => {
    const { page, show } = await openAs('patchtrail.read')
    await show('?view=snapshots')
    await page.getByText(/^Calls: /).waitFor()
    expect(await cellsOf(page, 'Snapshots')).toHaveLength(LOOKS + 1)
    expect(await page.getByRole('button', BUTTON).count()).toBe(0)
    const before = await snapshotIdsOf(fleet)
    expect(await post(page)).toEqual({ status: 403, detail: expect.stringContaining('patchtrail.sync') as string })
    await fleet.tick()
    expect(await snapshotIdsOf(fleet)).toEqual(before)

    // Nor is it there for anybody while the app has not said who asks.
    const other = await openAs('patchtrail.read', 'patchtrail.sync')
    const held: (() => Promise<void>)[] = []
    await other.page.route('**/page/session', (route) => void held.push(() => route.continue()))
    await other.show('?view=snapshots')
    await other.page.getByText(/^Calls: /).waitFor()
    expect([held.length, await other.page.getByRole('button', BUTTON).count()]).toEqual([1, 0])
    await held[0]?.()
    await other.page.getByRole('button', BUTTON).waitFor()
  })
})

/** The first link of each answer, and the view that it leads to. */
const LEADS: Record<string, string | RegExp> = {
  'Newest snapshot': 'Snapshots',
  'Missing pairs': 'Machines',
  Since: 'What changed',
  'Fix first': /^H1 KB\d/,
  'Half installed': 'Patch Tuesdays',
}

interface Control {
  name: string
  find: (main: Locator) => Locator
  keys: string[]
  /** What stands in the address then. */
  address: RegExp
  /** It comes before the one before. */
  isBefore?: true
}

/** `last` takes what was typed. */
const typed = (label: string, text: string, address: RegExp, last: string[] = ['Enter']): Control => ({
  name: label,
  find: (main) => main.getByLabel(label, { exact: true }),
  keys: [...text, ...last],
  address,
})

/** A list goes to what begins with a letter. */
const letter = (label: string, first: string, address: RegExp) => typed(label, first, address, [])

const pressed = (name: string | RegExp, key: string, address: RegExp): Control => ({
  name: String(name),
  find: (main) => main.getByRole('button', { name }),
  keys: [key],
  address,
})

/** Dates are typed as the browser's own order has them, which is that of the United States. */
const CONTROLS: Control[] = [
  letter('Stretch', '3', /from=-30d/),
  { ...pressed(/^superseded /, 'Space', /reason=superseded/), isBefore: true },
  typed('From', '03032026', /from=2026-03-03/, []),
  typed('To', '03312026', /to=2026-03-31/, []),
  letter('Rows', 'n', /mode=net/),
  letter('Group', 'W', /rbacGroup=Workstations/),
  letter('Platform', 'W', /osPlatform=Windows/),
  typed('Machine begins with', 'ws-0000', /q=ws-0000/),
  typed('KB', '5079473', /kbId=5079473/),
]

const dayOf = (at: number) => instantOf(at).slice(0, 10)

/** A week after the last look, with a few machines of which a gateway makes errors. */
function silencedWeek(fleet: ServedFleet) {
  const at = fleet.ledger.last.at + WEEK - 3 * HOUR
  fleet.moveTo(at)
  return { at, unknown: fleet.silence(4) }
}

/** How far it is said to be, after the page has asked again. */
async function percentAfterPoll(page: Page, name: string): Promise<number> {
  const [answer] = await Promise.all([page.waitForResponse(/\/data\/status/), page.clock.fastForward(WHILE_RUNNING_MS)])
  const { running } = (await answer.json()) as { running: { progress: number } }
  const percent = Math.floor(100 * running.progress)
  await page.getByText(new RegExp(`Snapshot of ${name} running, ${percent} %, about \\d+ min to go`)).waitFor()
  return percent
}

const minuteOf = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ')

/** What the page itself could send, sent by its own `fetch`. */
const post = (page: Page) =>
  inPage<{ status: number; detail: string }>(
    page,
    `fetch('data/sync', { method: 'POST', headers: { 'x-patchtrail': 'page' } })
      .then(async (answer) => ({ status: answer.status, detail: (await answer.json()).detail }))`,
  )
