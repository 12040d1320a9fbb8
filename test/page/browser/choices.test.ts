import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sum } from '../../../dev/oracle/words.ts'
import { BROWSER, inPage, openBrowser, openPage, settled } from '../../support/page/browser.ts'
import { barsIn } from '../../support/page/drawn.ts'
import { type ServedFleet, serveFleet } from '../../support/page/served-fleet.ts'

const LOOKS = [
  '20260302T020000Z',
  '20260309T020000Z',
  '20260316T020000Z',
  '20260323T020000Z',
  '20260330T020000Z',
  '20260406T020000Z',
] as const
const [, , third, fourth, fifth, last] = LOOKS

describe.skipIf(!BROWSER)('what can be chosen', () => {
  let fleet: ServedFleet
  let browser: Browser
  beforeAll(async () => {
    ;[fleet, browser] = await Promise.all([serveFleet({ looks: LOOKS.length }), openBrowser()])
  })
  afterAll(() => Promise.all([fleet.close(), browser.close()]))

  it('of the overview is a time and a group, on which the trend is', async () => {
    const { page, show } = await openPage(browser, fleet)
    await show('?view=overview')
    const groups = [...(fleet.points.at(-1)?.groups.rbacGroup ?? [])].map(([key]) => key)
    expect((await optionsOf(page, 'Group')).toSorted()).toEqual(['all groups', ...groups.map((key) => key ?? 'no group')].toSorted())
    await page.getByLabel('Group', { exact: true }).selectOption('no group')
    await page.waitForURL(/[?&]rbacGroup=$/)
    await settled(page)
    const pairs = fleet.points.map(({ groups: { rbacGroup } }) => sum(rbacGroup.get(null)?.pairs ?? []))
    expect(await barsIn(page)).toEqual(pairs)
    expect(pairs).not.toEqual(fleet.points.map((point) => sum(point.fleet.pairs)))
    await page.getByLabel('Time', { exact: true }).selectOption('30 days')
    await page.waitForURL(/from=-30d/)
    await settled(page)
    expect(await barsIn(page)).toEqual(pairs.slice(1))
    await page.reload()
    await settled(page)
    expect(await barsIn(page)).toEqual(pairs.slice(1))
    // A bar leads to what changed since in that group; the newest to what changed in its own snapshot.
    await page.locator('svg.choosable').first().press('Home')
    await page.locator('svg.choosable').first().press('Enter')
    await page.waitForURL(`${fleet.url}?view=changes&from=${LOOKS[1]}&to=${last}&rbacGroup=`)
    await settled(page)
    expect(new Set(await page.locator('tr.of em').allTextContents())).toEqual(new Set(['no group']))
    expect(await page.locator('tr.of em').count()).toBe(await page.locator('tr.of').count())
    await show('?view=overview&from=nonsense')
    expect(await page.getByRole('alert').innerText()).toContain('from must be')
    await show('?view=overview')
    await page.locator('svg.choosable').first().press('Enter')
    await page.waitForURL(`${fleet.url}?view=changes&to=${last}`)
  })

  it('of many groups is what one types a part of, and machines without one are among them', async () => {
    const { page, show } = await openPage(browser, fleet)
    await page.route('**/page/data/groups*', async (route) => {
      const answer = (await (await route.fetch()).json()) as { groups: object[] }
      const groups = Array.from({ length: 90 }, (_, index) => ({ ...answer.groups[0], key: index === 0 ? null : `Branch ${index}` }))
      await route.fulfill({ json: { ...answer, groups } })
    })
    await show('?view=changes')
    const field = page.getByLabel('Group', { exact: true })
    await page.locator('datalist#rbacGroup-list').waitFor({ state: 'attached' })
    const listed = () => inPage<string[]>(page, `[...document.querySelectorAll('#rbacGroup-list option')].map(({ value }) => value)`)
    await settled(page)
    expect((await listed()).length).toBeLessThanOrEqual(25)
    await field.fill('branch 8')
    await expect.poll(listed).toEqual(['Branch 8', ...Array.from({ length: 10 }, (_, index) => `Branch 8${index}`)])
    await field.fill('Branch 88')
    await field.press('Tab')
    await page.waitForURL(/rbacGroup=Branch\+88/)
    await settled(page)
    await field.fill('no group')
    await field.press('Tab')
    await page.waitForURL(/[?&]rbacGroup=$/)
    await settled(page)
    expect(await field.inputValue()).toBe('no group')
    await field.fill('')
    await field.press('Tab')
    await page.waitForURL(`${fleet.url}?view=changes`)
  })

  it('of both ends is a snapshot, step by step, and pinned by it', async () => {
    const { page, show } = await openPage(browser, fleet)
    await show('?view=changes')
    const step = async (end: string, way: string, address: string) => {
      await page.getByRole('button', { name: `${end}: the snapshot ${way}` }).click()
      await page.waitForURL(`${fleet.url}?view=changes&${address}`)
      await settled(page)
    }
    await step('From', 'before', `from=${fourth}&to=${last}`)
    await step('From', 'before', `from=${third}&to=${last}`)
    await step('To', 'before', `from=${third}&to=${fifth}`)
    await step('From', 'after', `from=${fourth}&to=${fifth}`)
    expect(await page.locator('.ends').innerText()).toContain('2026-03-23 02:00 (completed, 100 %) to that of 2026-03-30 02:00')
    // The other end is as far as one goes, and nothing is newer than the newest.
    const isOpen = (end: string, way: string) =>
      page.getByRole('button', { name: `${end}: the snapshot ${way}` }).getAttribute('aria-disabled')
    expect([await isOpen('From', 'after'), await isOpen('To', 'before'), await isOpen('From', 'before')]).toEqual(['true', 'true', 'false'])
    await step('To', 'after', `from=${fourth}&to=${last}`)
    expect(await isOpen('To', 'after')).toBe('true')
    await page.getByRole('button', { name: 'To: the snapshot after' }).click({ force: true })
    expect(page.url()).toBe(`${fleet.url}?view=changes&from=${fourth}&to=${last}`)
    // The last snapshot before the updates of March were out.
    await page.getByLabel('Stretch').selectOption('since the Patch Tuesday of 2026-03-10')
    await page.waitForURL(/from=2026-03-10T17/)
    await settled(page)
    expect(await page.locator('.ends').innerText()).toContain('From the snapshot of 2026-03-09 02:00')
  })

  it('of the search is in the address, and there again on Back', async () => {
    const { page, show } = await openPage(browser, fleet)
    await show('?view=groups')
    const before = await inPage<number>(page, 'history.length')
    await page.keyboard.press('/')
    await page.keyboard.type('ws-0001')
    await page.waitForURL(/search=ws-0001$/)
    const found = page.locator('.results a')
    await found.first().waitFor()
    const names = await found.allTextContents()
    await found.first().click()
    await page.waitForURL(/view=machine&machineId=/)
    await settled(page)
    expect([await page.getByRole('searchbox').inputValue(), await found.count()]).toEqual(['', 0])
    expect(await inPage<number>(page, 'history.length')).toBe(before + 1)
    await page.goBack()
    await found.first().waitFor()
    await page.reload()
    await found.first().waitFor()
    expect([await page.getByRole('searchbox').inputValue(), await found.allTextContents()]).toEqual(['ws-0001', names])
    await page.keyboard.press('/')
    await page.getByRole('searchbox').press('Escape')
    await page.waitForURL(`${fleet.url}?view=groups`)
    expect(await found.count()).toBe(0)
  })

  it('names the tab: the machine, the KB, the month, and whose they are', async () => {
    const { page, show } = await openPage(browser, fleet)
    const machine = [...fleet.ledger.machines].find(([, { listed, open }]) => listed.name !== null && open.length > 0)
    const [machineId = '', { listed, open } = { listed: { name: '' }, open: [] }] = machine ?? []
    const kbId = open[0]?.kbId ?? ''
    const tenant = fleet.simulator.tenantId
    for (const [query, name] of [
      ['overview', 'Overview'],
      [`machine&machineId=${machineId}`, listed.name ?? ''],
      [`kb&kbId=${kbId}`, `KB${kbId}`],
      ['cohorts&month=202603', '2026-03'],
    ] as const) {
      await show(`?view=${query}`)
      await expect.poll(() => page.title()).toBe(`${name} · patchtrail · ${tenant}`)
    }
    expect(await page.locator('header .name').innerText()).toBe(`patchtrail · ${tenant}`)
  })

  it('is folded on a telephone into a line that says what is chosen', async () => {
    const { page, show } = await openPage(browser, fleet, { viewport: { width: 360, height: 740 } })
    await show(`?view=changes&from=${third}&to=${last}&rbacGroup=Servers`)
    const line = page.locator('details.folded summary')
    expect(await line.innerText()).toBe('Filters: 2026-03-16 to 2026-04-06 · every change · Servers')
    expect(await page.getByLabel('Platform').isVisible()).toBe(false)
    await line.click()
    await page.getByLabel('Rows', { exact: true }).selectOption('net')
    await page.waitForURL(/mode=net/)
    expect(await page.getByLabel('Platform').isVisible()).toBe(true)
    // Rows say a change by its sign.
    expect(await inPage<string[]>(page, `[...document.querySelectorAll('td abbr')].map(({ textContent }) => textContent)`)).toContain('−')
  })
})

const optionsOf = (page: Page, label: string) => page.getByLabel(label, { exact: true }).locator('option').allTextContents()
