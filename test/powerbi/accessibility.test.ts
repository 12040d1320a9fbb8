import { describe, expect, it } from 'vitest'
import { contrast, isGreen } from '../support/powerbi/contrast.ts'
import { altTextOf, type Field, fieldsIn, readJson, readPages, REPORT, titleOf, type Visual } from '../support/powerbi/report.ts'

const { pages } = readPages()
const visuals = pages.flatMap((page) => page.visuals.map((visual) => [`${page.folder}/${visual.folder}`, visual] as const))
const theme = readJson(REPORT, 'StaticResources/RegisteredResources/patchtrail.json')

/** Every `#RRGGBB` in a piece of JSON, with the names that lead to it; `'#RRGGBB'` in a literal as well. */
function coloursIn(json: unknown, path = ''): { path: string; colour: string }[] {
  if (typeof json === 'string') return [...json.matchAll(/^'?(#[0-9A-Fa-f]{6})'?$/g)].map(([, colour = '']) => ({ path, colour }))
  if (typeof json !== 'object' || json === null) return []
  return Object.entries(json).flatMap(([name, value]) => coloursIn(value, `${path}/${name}`))
}

describe('the alt text', () => {
  it.each(visuals)('of %s is a sentence that says what it shows', (_path, visual) => {
    const text = altTextOf(visual)
    expect(text).toMatch(/^[A-Z].*\.$/)
    // Power BI takes 250 characters.
    expect(text.length).toBeGreaterThan(titleOf(visual).length + 10)
    expect(text.length).toBeLessThanOrEqual(250)
  })

  it.each(visuals.filter(([, { visual }]) => !['card', 'textbox'].includes(visual.visualType)))('of %s says of which kind it is', (_path, visual) => {
    const begins: Record<string, RegExp> = {
      slicer: /^Choose /, tableEx: /^Table/, lineChart: /^(Line|Two lines)/, clusteredBarChart: /^Bars: /, clusteredColumnChart: /^(C|Four c)olumns/,
    }
    expect(altTextOf(visual)).toMatch(begins[visual.visual.visualType] ?? /never/)
  })

  it('is the same nowhere on a page', () => {
    for (const { displayName, visuals: own } of pages) expect(new Set(own.map(altTextOf)).size, displayName).toBe(own.length)
  })
})

describe('the colours', () => {
  const BACKGROUNDS = /\/background\b|\/outspace\b/
  const colours = coloursIn(theme)
  const backgrounds = [...new Set(colours.filter(({ path }) => BACKGROUNDS.test(path)).map(({ colour }) => colour))]
  /** Text: of the theme's classes, titles and labels, and the foreground, from which Power BI takes the rest. */
  const isText = (path: string) => /^\/(foreground|textClasses)|\/(fontColor|labels)\b/.test(path)

  it('of the theme are known to the test, and those of the base theme are the same', () => {
    expect(backgrounds.sort()).toEqual(['#F5F7FA', '#FFFFFF'])
    expect(colours.length).toBeGreaterThan(20)
    expect(colours.filter(({ path }) => isText(path)).length).toBeGreaterThan(8)
    const { dataColors } = theme as { dataColors: unknown }
    expect(readJson(REPORT, 'StaticResources/SharedResources/BaseThemes/CY24SU10.json')).toMatchObject({ dataColors })
  })

  it('are computed as the standard does', () => {
    expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21, 5)
    expect(contrast('#767676', '#FFFFFF')).toBeCloseTo(4.54, 2)
    expect(['#2F855A', '#00FF00', '#1F6FB2', '#616E7C', '#B45F06'].map(isGreen)).toEqual([true, true, false, false, false])
  })

  it('of text stand out by 4.5, those of shapes by 3, from everything that may lie behind them', () => {
    for (const { path, colour } of colours.filter(({ path: at }) => !BACKGROUNDS.test(at))) {
      for (const background of backgrounds) expect(contrast(colour, background), `${path} on ${background}`).toBeGreaterThanOrEqual(isText(path) ? 4.5 : 3)
    }
    for (const [name, { raw }] of visuals) {
      for (const { path, colour } of coloursIn(raw)) {
        for (const background of backgrounds)
          expect(contrast(colour, background), `${name} ${path}`).toBeGreaterThanOrEqual(path.includes('textStyle') ? 4.5 : 3)
      }
    }
  })

  it('are green for nothing but installs', () => {
    const { dataColors } = theme as { dataColors: string[] }
    expect(dataColors.filter(isGreen)).toEqual([])
    const green = visuals.flatMap(([name, { raw }]) => fillsOf(raw).filter(({ colour }) => isGreen(colour)).map(({ of }) => `${name} ${of}`))
    expect(green.length).toBeGreaterThan(0)
    for (const one of green) expect(one).toMatch(/ Figures\.(Install|Share installed)/)
    // A third series would be whatever colour comes third: where several are beside each other, each has its own.
    for (const [name, { visual, raw }] of visuals) {
      const series = visual.query?.queryState['Y']?.projections.map(({ queryRef }) => queryRef) ?? []
      if (series.length > 1) expect(fillsOf(raw).map(({ of }) => of), name).toEqual(series)
    }
  })

  /** Colours that a visual gives to its measures. */
  function fillsOf(raw: unknown): { of: string; colour: string }[] {
    const points = (raw as { visual: { objects?: { dataPoint?: { selector: { metadata: string } }[] } } }).visual.objects?.dataPoint ?? []
    return points.map((point) => ({ of: point.selector.metadata, colour: coloursIn(point)[0]?.colour ?? '' }))
  }
})

describe('the layout for phones', () => {
  /** Power BI's canvas for phones. */
  const WIDTH = 324
  const right = ({ mobile }: Visual) => mobile.position.x + mobile.position.width
  const bottom = ({ mobile }: Visual) => mobile.position.y + mobile.position.height

  it.each(pages)('of $displayName holds every visual, none over another, within the width', ({ visuals: own }) => {
    for (const [index, a] of own.entries()) {
      expect(a.mobile.position.x, a.name).toBeGreaterThanOrEqual(0)
      expect(right(a), a.name).toBeLessThanOrEqual(WIDTH)
      for (const b of own.slice(index + 1)) {
        const [one, other] = [a.mobile.position, b.mobile.position]
        expect(right(a) <= other.x || right(b) <= one.x || bottom(a) <= other.y || bottom(b) <= one.y, `${a.name} and ${b.name}`).toBe(true)
      }
    }
  })

  it.each(pages)('of $displayName comes in the order of the page', ({ visuals: own }) => {
    const byEye = own.toSorted((a, b) => a.mobile.position.y - b.mobile.position.y || a.mobile.position.x - b.mobile.position.x)
    expect(byEye.map(({ name }) => name)).toEqual(own.toSorted((a, b) => a.position.tabOrder - b.position.tabOrder).map(({ name }) => name))
    for (const { mobile, position, name } of own) expect(mobile.position.tabOrder, name).toBe(position.tabOrder)
  })

  it('gives pictures and tables the whole width', () => {
    const isSmall = (visual: Visual) => ['card', 'slicer'].includes(visual.visual.visualType)
    for (const [name, visual] of visuals.filter(([, one]) => !isSmall(one))) expect(visual.mobile.position.width, name).toBeGreaterThan(WIDTH - 20)
  })
})

describe('a field', () => {
  it('is called in the report as a reader would, not as the feed does', () => {
    const named = (field: Field, label?: string) => label ?? field.property
    for (const [path, { visual }] of visuals) {
      for (const { projections } of Object.values(visual.query?.queryState ?? {})) {
        for (const { field, displayName } of projections) expect(fieldsIn(field).map((one) => named(one, displayName)).join(), path).toMatch(/^[A-Z0-9]/)
      }
    }
  })
})
