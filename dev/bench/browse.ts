import { setTimeout } from 'node:timers/promises'
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'

/** When a page had painted, and how long it kept the browser busy at once; milliseconds from the beginning of the navigation. */
export interface Painted {
  first: number
  largest: number
  /** 0 where no task was longer than 50 ms. */
  longestTask: number
}

export interface Conditions {
  /** The processor is so many times slower. */
  slowedBy?: number
  /** The overview's answer comes so much later. */
  overviewLateMs?: number
}

/** Notes what the browser tells of itself while a page loads. */
const NOTES = `
  window.noted = { largest: 0, longestTask: 0 }
  new PerformanceObserver((list) => list.getEntries().forEach(({ startTime }) => (noted.largest = Math.max(noted.largest, startTime))))
    .observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (noted.longestTask = Math.max(noted.longestTask, duration))))
    .observe({ type: 'longtask', buffered: true })`

const PAINTED = `({ first: performance.getEntriesByName('first-contentful-paint')[0].startTime, ...noted })`
/** The page stands, or the bare one does. */
const STANDS = 'body:has(h1):not(:has(.skeleton, [aria-busy="true"]))'
const HANG_MS = 60_000
/** The browser tells of a paint and of a long task a while after it. */
const TOLD_AFTER_MS = 400

/** A browser that has been to a page before: its files are in the cache, as they are for whoever comes back. */
export async function openWarm(browser: Browser, url: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addInitScript(NOTES)
  await paintedOf(context, url)
  return context
}

/** Opens a page anew, and waits until it stands. */
export async function paintedOf(context: BrowserContext, url: string, { slowedBy, overviewLateMs }: Conditions = {}): Promise<Painted> {
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  if (slowedBy !== undefined) await session.send('Emulation.setCPUThrottlingRate', { rate: slowedBy })
  if (overviewLateMs !== undefined) await delayOverview(session, overviewLateMs)
  await page.goto(url)
  await stands(page)
  await setTimeout(TOLD_AFTER_MS)
  const painted = await page.evaluate<Painted>(PAINTED)
  await page.close()
  return painted
}

export const stands = (page: Page): Promise<void> => page.locator(STANDS).waitFor({ state: 'attached', timeout: HANG_MS })

/** Holds the answer back. A route of the browser's driver would do so too, and switch off the cache. */
async function delayOverview(session: CDPSession, milliseconds: number): Promise<void> {
  session.on('Fetch.requestPaused', ({ requestId }) => {
    void setTimeout(milliseconds).then(() => session.send('Fetch.continueRequest', { requestId }))
  })
  await session.send('Fetch.enable', { patterns: [{ urlPattern: '*/data/overview*' }] })
}
