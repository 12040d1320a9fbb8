import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { BROWSER_ARGUMENTS, findBrowser } from '../../../dev/page/find-browser.mjs'
import type { ServedFleet } from './served-fleet.ts'

/** Undefined where there is none, and the tests that need one are left out. */
export const BROWSER = findBrowser()

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: BROWSER ?? '', args: [...BROWSER_ARGUMENTS] })

/** Milliseconds after which what was waited for will not come any more: a bound for hangs, not for speed. */
const HANG = 15_000

/** What a page must never do, as it was seen doing it. */
export interface Seen {
  dialogs: string[]
  /** Errors in the console, a violation of the policy among them. */
  console: string[]
  uncaught: string[]
  /** Requests to anybody but the app. */
  foreign: string[]
  requests: string[]
}

export interface OpenedPage {
  page: Page
  seen: Seen
  /** Opens a view and waits until it stands. */
  show: (query: string) => Promise<void>
}

export interface Opening extends BrowserContextOptions {
  /** Undefined for the fleet's own, null for none: the page then asks for one. */
  key?: string | null
}

/** A page in a browser context of its own, with nothing of any other. Errors that a test provokes are for it to expect. */
export async function openPage(browser: Browser, fleet: ServedFleet, { key = fleet.key, ...options }: Opening = {}): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  // As somebody who asked the page to keep the key until the tab closes.
  if (key !== null) await context.addInitScript(`sessionStorage.setItem('patchtrail.key', ${JSON.stringify(key)})`)
  const page = await context.newPage()
  page.setDefaultTimeout(HANG)
  const seen: Seen = { dialogs: [], console: [], uncaught: [], foreign: [], requests: [] }
  page.on('dialog', (dialog) => {
    seen.dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    if (message.type() === 'error') seen.console.push(message.text())
  })
  page.on('pageerror', (error) => seen.uncaught.push(error.message))
  page.on('request', (request) => {
    seen.requests.push(request.url())
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(fleet.url)) seen.foreign.push(request.url())
  })
  return {
    page,
    seen,
    show: async (query) => {
      await page.goto(fleet.url + query)
      await settled(page)
    },
  }
}

/** Waits until nothing of a view is on its way any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator('body:has(h1):not(:has(.skeleton, [aria-busy="true"]))').waitFor({ state: 'attached' })
}

/** An expression of the page's, whose outcome is taken for what the caller knows it to be. */
export const inPage = <T>(page: Page, expression: string): Promise<T> => page.evaluate<T>(expression)

/** The texts of a table's cells, row by row; `caption` names it. */
export const cellsOf = (page: Page, caption: string): Promise<string[][]> =>
  inPage(
    page,
    `[...document.querySelectorAll('table')].filter((table) => table.caption?.textContent.startsWith(${JSON.stringify(caption)}))
      .flatMap((table) => [...table.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent.trim())))`,
  )
