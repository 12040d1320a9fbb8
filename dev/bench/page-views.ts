import type { Browser } from 'playwright-core'
import { DRAWN_CONTRASTS, type DrawnContrasts, type Lowest } from '../page/drawn-contrasts.ts'
import { grouped } from '../start/text.ts'
import { stands } from './browse.ts'
import type { Figure } from './figure.ts'
import { viewsOf } from './views.ts'
import type { LargeFleet } from './write-fleet.ts'

const MOST_ELEMENTS = 3_000
const LEAST = { text: 4.5, shapes: 3 }

/** How many elements each view of a large fleet has, and the lowest contrasts of all of them, light and dark. */
export async function viewFigures(browser: Browser, url: string, fleet: LargeFleet): Promise<Figure[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  const figures: Figure[] = []
  const contrasts: DrawnContrasts[] = []
  for (const query of viewsOf(fleet)) {
    await page.goto(url + query)
    await stands(page)
    const elements = await page.evaluate<number>(`document.querySelectorAll('*').length`)
    figures.push(elementsFigure(query, elements))
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      contrasts.push(await page.evaluate<DrawnContrasts>(DRAWN_CONTRASTS))
    }
  }
  await page.close()
  return [...figures, contrastFigure('text', contrasts), contrastFigure('shapes', contrasts)]
}

const elementsFigure = (query: string, elements: number): Figure => ({
  what: `elements of ${nameOf(query)}, against the limit`,
  measured: grouped(elements),
  against: grouped(MOST_ELEMENTS),
  ratio: elements / MOST_ELEMENTS,
  target: 'at most 1',
})

/** `overview, from=-365d`: ids and snapshots are of no interest. */
function nameOf(query: string): string {
  const params = new URLSearchParams(query)
  const told = [...params].filter(([name, value]) => name === 'month' || (name === 'from' && !value.endsWith('Z')))
  return [params.get('view'), ...told.map((pair) => pair.join('='))].join(', ')
}

function contrastFigure(kind: 'text' | 'shapes', contrasts: readonly DrawnContrasts[]): Figure {
  const { ratio } = contrasts.map((of): Lowest => of[kind]).reduce((lowest, one) => (one.ratio < lowest.ratio ? one : lowest))
  return {
    what: `lowest contrast of ${kind} in all views, light and dark, against the least`,
    measured: `${ratio.toFixed(2)} : 1`,
    against: `${LEAST[kind]} : 1`,
    ratio: ratio / LEAST[kind],
    target: 'at least 1',
  }
}
