import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BROWSER, inPage, openBrowser, openPage, settled } from '../../support/page/browser.ts'
import { type ServedFleet, serveFleet } from '../../support/page/served-fleet.ts'

const LOOKS = { first: '20260302T020000Z', last: '20260406T020000Z' }

interface Control {
  name: string
  choose: (page: Page) => Promise<unknown>
  /** What stands in the address then. */
  address: RegExp
}

const filling = (label: string, text: string, address: RegExp): Control => ({
  name: label,
  choose: async (page) => {
    await page.getByLabel(label, { exact: true }).fill(text)
    await page.getByLabel(label, { exact: true }).press('Tab')
  },
  address,
})

const choosing = (label: string, value: string, address: RegExp): Control => ({
  name: label,
  choose: (page) => page.getByLabel(label, { exact: true }).selectOption(value),
  address,
})

const clicking = (name: string, find: (page: Page) => Locator, address: RegExp): Control => ({
  name,
  choose: (page) => find(page).first().click(),
  address,
})

/** What can be chosen in a view, one after the other. */
const WALKS: Record<string, { query: string; controls: Control[] }> = {
  'What changed': {
    query: `?view=changes&from=${LOOKS.first}&to=${LOOKS.last}`,
    controls: [
      choosing('Rows', 'net', /mode=net/),
      filling('To', '2026-03-31', /to=2026-03-31/),
      filling('From', '2026-03-10', /from=2026-03-10/),
      clicking('a reason', (page) => page.getByRole('button', { name: /^superseded / }), /reason=superseded/),
      choosing('Platform', 'Windows11', /osPlatform=Windows11/),
      choosing('Group', 'Workstations', /rbacGroup=Workstations/),
      filling('Machine begins with', 'ws-0000', /q=ws-0000/),
      filling('KB', '5079473', /kbId=5079473/),
      choosing('Stretch', '7 days', /from=-7d/),
    ],
  },
  Groups: {
    query: '?view=groups',
    controls: [choosing('By', 'osPlatform', /by=osPlatform/), choosing('Measure', 'pairs', /measure=pairs/)],
  },
  Overview: {
    query: '?view=overview',
    controls: [
      clicking('a KB', (page) => page.locator('main a.kb'), /view=kb&kbId=\d/),
      clicking('a machine that misses it', (page) => page.locator('main a.machine'), /view=machine&machineId=/),
      clicking('the snapshots', (page) => page.getByRole('link', { name: 'Snapshots' }), /view=snapshots/),
      clicking('an incomplete one', (page) => page.getByRole('link', { name: '2026-03-16 02:00' }), /snapshotId=20260316T/),
    ],
  },
}

describe.skipIf(!BROWSER)('the address', () => {
  let fleet: ServedFleet
  let browser: Browser
  beforeAll(async () => {
    ;[fleet, browser] = await Promise.all([serveFleet({ looks: 6, unknown: 4 }), openBrowser()])
  })
  afterAll(() => Promise.all([fleet.close(), browser.close()]))

  it.each(Object.entries(WALKS))(
    'of %s holds what is chosen: Back, Forward, reload and another browser show the same',
    async (_, { query, controls }) => {
      const { page, show, seen } = await openPage(browser, fleet)
      await show(query)
      const shown = [await shownOf(page)]
      const addresses = [page.url()]
      for (const { name, choose, address } of controls) {
        await choose(page)
        await page.waitForURL(address)
        shown.push(await shownOf(page))
        addresses.push(page.url())
        expect(shown.at(-1), name).not.toBe(shown.at(-2))
      }
      for (const [index, before] of [...shown.slice(0, -1).entries()].toReversed()) {
        await page.goBack()
        expect([page.url(), await shownOf(page)]).toEqual([addresses[index], before])
      }
      for (const after of shown.slice(1)) {
        await page.goForward()
        expect(await shownOf(page)).toBe(after)
      }
      await page.reload()
      expect(await shownOf(page)).toBe(shown.at(-1))
      const elsewhere = await openPage(browser, fleet)
      for (const [index, address] of addresses.entries()) {
        await elsewhere.page.goto(address)
        expect(await shownOf(elsewhere.page), address).toBe(shown[index])
      }
      expect([...seen.uncaught, ...elsewhere.seen.uncaught]).toEqual([])
    },
  )

  it('is copied with both snapshots by their ids, so that it shows the same rows later', async () => {
    const { page, show } = await openPage(browser, fleet, { permissions: ['clipboard-read', 'clipboard-write'] })
    await show('?view=changes&from=-4w')
    const before = await shownOf(page)
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByText('Copied').waitFor()
    const copied = await inPage<string>(page, 'navigator.clipboard.readText()')
    expect(copied).toBe(`${fleet.url}?view=changes&from=20260309T020000Z&to=${LOOKS.last}`)
    await page.goto(copied)
    expect(await shownOf(page)).toBe(before)
  })
})

/** All rows and figures of a view, when it has settled. */
async function shownOf(page: Page): Promise<string> {
  await settled(page)
  return (await page.locator('main').locator('table, .none, .ends, .reasons').allTextContents()).join('\n\n')
}
