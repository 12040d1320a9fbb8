import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BROWSER, inPage, openBrowser, openPage, settled } from '../../support/page/browser.ts'
import { hasEmptyName, HOSTILE_NAMES, startHostileDefender } from '../../support/page/hostile-defender.ts'
import { type ServedFleet, serveFleet } from '../../support/page/served-fleet.ts'

/** Elements that a name made, and addresses that would run something. */
const MADE = `[...document.querySelectorAll('img, b, iframe, script:not([src]), svg[onload], [onerror], [onmouseover], [data-evil], a[href^="javascript:"]')]
  .map((element) => element.outerHTML.slice(0, 200))`

/** Text that turns the direction of what follows, outside of what keeps that to itself. */
const UNISOLATED = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found = []
  while (walker.nextNode()) {
    const { textContent, parentElement } = walker.currentNode
    if (/[\\u202A-\\u202E\\u2066-\\u2069]/.test(textContent) && !parentElement.closest('bdi')) found.push(parentElement.outerHTML.slice(0, 200))
  }
  return found
})()`

describe.skipIf(!BROWSER)('names that would do harm', () => {
  let fleet: ServedFleet
  let browser: Browser
  let hostile: { close: () => void }
  let views: string[]
  beforeAll(async () => {
    const serve = serveFleet({
      looks: 3,
      unknown: 6,
      defenderUrl: async (simulator) => {
        const started = await startHostileDefender(simulator)
        hostile = started
        return started.url
      },
    })
    ;[fleet, browser] = await Promise.all([serve, openBrowser()])
    views = await viewsOfHostile(fleet)
  })
  afterAll(async () => {
    hostile.close()
    await Promise.all([fleet.close(), browser.close()])
  })

  it('are text in every view, and make no element, no dialog and no other direction', async () => {
    const { page, show, seen } = await openPage(browser, fleet)
    const shown = new Set<string>()
    for (const query of views) {
      await show(query)
      expect(await inPage<string[]>(page, MADE), query).toEqual([])
      expect(await inPage<string[]>(page, UNISOLATED), query).toEqual([])
      expect(await inPage<number>(page, 'document.documentElement.scrollWidth - innerWidth'), query).toBeLessThanOrEqual(0)
      const text = await inPage<string>(page, 'document.body.textContent')
      for (const name of HOSTILE_NAMES) if (text.includes(name)) shown.add(name)
      for (const summary of await page.locator('summary').all()) await summary.click()
    }
    expect(seen).toMatchObject({ dialogs: [], console: [], uncaught: [], foreign: [] })
    // Each was there to do its harm.
    expect([...shown].toSorted()).toEqual([...HOSTILE_NAMES].toSorted())
  })

  it('are found by the search as text, and an empty one has a link', async () => {
    const { page, show, seen } = await openPage(browser, fleet)
    await show('?view=overview')
    for (const name of ['<img src', '</script>', '\u202Emoc']) {
      await page.getByRole('searchbox').fill(name)
      await page.locator('.results a', { hasText: name }).first().waitFor()
      expect(await inPage<string[]>(page, MADE)).toEqual([])
      expect(await inPage<string[]>(page, UNISOLATED)).toEqual([])
    }
    const nameless = fleet.simulator.listed(fleet.ledger.last.at).filter((_, index) => hasEmptyName(index))
    const kbId = nameless.flatMap(({ id }) => fleet.ledger.machines.get(id)?.open ?? [])[0]?.kbId ?? ''
    await show(`?view=kb&kbId=${kbId}`)
    await page
      .getByRole('link', { name: /^\(no name\)/ })
      .first()
      .click()
    await settled(page)
    expect(nameless.map(({ id }) => id)).toContain(new URL(page.url()).searchParams.get('machineId'))
    expect(await page.locator('main h2').first().innerText()).toMatch(/^\(no name\)/)
    expect(seen).toMatchObject({ dialogs: [], uncaught: [], foreign: [] })
  })

  it('lead nowhere else as ids', async () => {
    const { page, show, seen } = await openPage(browser, fleet)
    for (const id of ['../../sync', '..%2F..%2Fsync', '%2e%2e/', '?code=1', '#', '<img src=x onerror=alert(1)>', ' ', '\u0000'])
      for (const view of ['machine&machineId', 'kb&kbId']) {
        await show(`?view=${view}=${encodeURIComponent(id)}`)
        expect(await page.getByRole('alert').count(), id).toBeGreaterThan(0)
        expect(await inPage<string[]>(page, MADE)).toEqual([])
      }
    const roots = ['machines', 'kbs', 'status', 'tenants'].map((name) => `${fleet.url}data/${name}`)
    const data = seen.requests.filter((url) => url.includes('/data/'))
    expect(data.filter((url) => !roots.some((root) => url.startsWith(root)))).toEqual([])
    expect(seen).toMatchObject({ dialogs: [], uncaught: [], foreign: [] })
  })
})

/** Every view, and of single machines and KBs as many as there are names. */
async function viewsOfHostile({ served, ledger }: ServedFleet): Promise<string[]> {
  const { json } = await served.call('/api/kbs')
  const kbs = (json['kbs'] as { kbId: string }[]).slice(0, 3).map(({ kbId }) => `?view=kb&kbId=${kbId}`)
  const machines = [...ledger.machines.keys()].slice(0, HOSTILE_NAMES.length).map((id) => `?view=machine&machineId=${id}`)
  const { first, last } = ledger
  const others = [
    'overview',
    'cohorts',
    'groups',
    'machines&sort=missing',
    'kbs',
    'tenants',
    `changes&from=${first.snapshotId}`,
    `snapshots&snapshotId=${last.snapshotId}`,
  ]
  return [...others.map((query) => `?view=${query}`), ...kbs, ...machines]
}
