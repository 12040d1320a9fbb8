import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../../dev/oracle/look.ts'
import { BROWSER, cellsOf, inPage, openBrowser, openPage, settled } from '../../support/page/browser.ts'
import { expectFiveAnswers } from '../../support/page/five-answers.ts'
import { type ServedFleet, serveFleet } from '../../support/page/served-fleet.ts'
import { signedIn } from '../../support/principal.ts'
import { HOUR, WEEK } from '../../support/world.ts'

/** Few enough that a snapshot of the fleet takes several minutes. */
const CALLS_A_MINUTE = 15
const LOOKS = 3
/** How often the page asks how a snapshot gets on. */
const WHILE_RUNNING_MS = 15_000

/** A bound for a snapshot that does not go on. */
const MOST_MINUTES = 20

const BUTTON = { name: 'Take a snapshot now' }

// Where people sign in: what the page offers is what their roles allow. The platform is played by its setting and its header.
describe.skipIf(!BROWSER)('a snapshot that somebody asks for on the page', () => {
  let fleet: ServedFleet
  let browser: Browser
  beforeAll(async () => {
    const settings = { PAGE_SIGN_IN: 'entra', WEBSITE_AUTH_ENABLED: 'True', SYNC_CALLS_PER_MINUTE: String(CALLS_A_MINUTE) }
    ;[fleet, browser] = await Promise.all([serveFleet({ looks: LOOKS, settings }), openBrowser()])
  })
  afterAll(() => Promise.all([fleet.close(), browser.close()]))

  /** The page of somebody with these roles, on a clock that can be moved. */
  const openAs = async (...roles: string[]) => {
    const opened = await openPage(browser, fleet, { key: null, extraHTTPHeaders: signedIn(fleet.simulator.tenantId, ...roles) })
    await opened.page.clock.install()
    return opened
  }

  it('is pending, then goes on, then is there, and whoever asks meanwhile is led to it', async () => {
    const { page, show, seen } = await openAs('patchtrail.read', 'patchtrail.sync')
    await show('?view=snapshots')
    const asked = silencedWeek(fleet)
    const name = minuteOf(asked.at)
    await page.getByRole('button', BUTTON).click()
    await page.getByText(`Asked for: the snapshot of ${name}`).waitFor()
    await page.getByText(`Snapshot of ${name} pending, 0 %`).waitFor()

    await page.getByRole('button', BUTTON).click()
    await page.getByText(`The snapshot of ${name} is under way already`).waitFor()
    await page.getByRole('link', { name: `The snapshot of ${name}` }).click()
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

    await page.getByRole('link', { name: 'Overview' }).click()
    await settled(page)
    await expectFiveAnswers(page, fleet, { hoursAgo: 0 })
  })

  it('is nothing for whoever may only read: there is no button, and the request itself is refused', async () => {
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

/** Machines that Defender told of in a snapshot, and those that it was asked about. */
function askedSoFar({ simulator }: ServedFleet, at: number) {
  const asks = simulator.requests.entries.filter((request) => request.at === at && request.route === 'missingKbs')
  const machinesOf = (some: typeof asks) => new Set(some.map(({ machineId }) => machineId)).size
  return { answered: machinesOf(asks.filter(({ status }) => status === 200)), tried: machinesOf(asks) }
}

const minuteOf = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ')

const rowOf = async (fleet: ServedFleet, at: number) => (await fleet.served.call(`/api/snapshots/${idOf(at)}`)).json

const hasEnded = async (fleet: ServedFleet, at: number) => ['completed', 'incomplete'].includes(String((await rowOf(fleet, at))['status']))

/** What the page itself could send, sent by its own `fetch`. */
const post = (page: Page) =>
  inPage<{ status: number; detail: string }>(
    page,
    `fetch('data/sync', { method: 'POST', headers: { 'x-patchtrail': 'page' } })
      .then(async (answer) => ({ status: answer.status, detail: (await answer.json()).detail }))`,
  )

async function snapshotIdsOf({ served }: ServedFleet): Promise<unknown[]> {
  const { json } = await served.call('/api/snapshots')
  return (json['snapshots'] as { snapshotId: string }[]).map(({ snapshotId }) => snapshotId)
}
