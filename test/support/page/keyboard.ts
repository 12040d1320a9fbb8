import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { inPage } from './browser.ts'

/** More stops than any view has: whoever has not come to it by then does not come to it. */
const MOST_STOPS = 400

/** What is wrong with where the focus is: it is nowhere, or nobody sees that it is there. Empty where it is right. */
const WRONG = `(() => {
  const element = document.activeElement
  if (!element || element === document.body) return 'lost'
  const told = element.outerHTML.slice(0, 120)
  const { outlineStyle, outlineWidth } = getComputedStyle(element)
  if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) return 'without a mark: ' + told
  const isShown = [...element.getClientRects()].some(({ left, right, top, bottom }) => {
    const [x1, x2, y1, y2] = [Math.max(0, left), Math.min(innerWidth, right), Math.max(0, top), Math.min(innerHeight, bottom)]
    const at = x1 < x2 && y1 < y2 ? document.elementFromPoint((x1 + x2) / 2, (y1 + y2) / 2) : null
    return at !== null && (element.contains(at) || at.contains(element))
  })
  return isShown ? '' : 'out of sight: ' + told
})()`

/** Goes on with Tab, over the end of the document if need be, until the focus is on what is looked for; it is seen at every stop on the way. */
export async function reach(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await target.waitFor()
  for (let stops = 0, ends = 0; stops < MOST_STOPS; stops++) {
    await page.keyboard.press(key)
    const wrong = await inPage<string>(page, WRONG)
    if (wrong === 'lost' && ends++ === 0) continue
    expect(wrong).toBe('')
    if ((await target.and(page.locator(':focus')).count()) > 0) return
  }
  throw new Error(`No way by ${key} to ${String(target)}`)
}

/** What has the focus: the id, or what it is and what stands in it. */
export const focused = (page: Page): Promise<string> =>
  inPage(page, `document.activeElement.id || document.activeElement.tagName + ' ' + document.activeElement.textContent`)

/** Waits until the heading of a view has the focus, where whoever has no mouse begins. */
export const expectHeading = async (page: Page, name: string | RegExp): Promise<void> =>
  expect.poll(() => focused(page)).toMatch(typeof name === 'string' ? `H1 ${name}` : name)
