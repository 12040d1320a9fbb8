import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contrast } from '../support/powerbi/contrast.ts'

// Of texts in pictures no tool in a browser tells: the colours are looked at where they are written.

const css = readFileSync(new URL('../../web/style/tokens.css', import.meta.url), 'utf8')
const figures = readFileSync(new URL('../../web/style/figures.css', import.meta.url), 'utf8')

const tokensIn = (text: string) =>
  Object.fromEntries([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]))
const [lightText = '', darkText = ''] = css.split('@media')
const light = tokensIn(lightText)
const THEMES = { light, dark: { ...light, ...tokensIn(darkText) } }

/** How much of its colour a shade of the heat map has, in percent. */
const SHADES = [...figures.matchAll(/color-mix\(in srgb, var\(--shade\) (\d+)%, var\(--paper\)\)/g)].map(([, part]) => Number(part))

/** https://www.w3.org/TR/css-color-5/#color-mix, in sRGB */
function mixed(colour: string, percent: number, ground: string): string {
  const channel = (text: string, at: number) => Number.parseInt(text.slice(at, at + 2), 16)
  const mix = (at: number) => Math.round((channel(colour, at) * percent + channel(ground, at) * (100 - percent)) / 100)
  return `#${[1, 3, 5].map((at) => mix(at).toString(16).padStart(2, '0')).join('')}`
}

describe.each(Object.entries(THEMES))('in the %s theme', (_, tokens) => {
  const of = (name: string) => tokens[name] ?? ''
  const lowest = (names: readonly string[], grounds: readonly string[]) =>
    Object.fromEntries(names.flatMap((name) => grounds.map((ground) => [`${name} on ${ground}`, contrast(of(name), of(ground))])))

  it('text can be read on every ground', () => {
    const found = lowest(['ink', 'soft', 'link', 'good', 'bad'], ['paper', 'sunk'])
    expect(Object.entries(found).filter(([, ratio]) => ratio < 4.5)).toEqual([])
  })

  it('numbers can be read on every shade of the heat map', () => {
    expect(SHADES).toHaveLength(5)
    const shades = ['missing', 'installed'].flatMap((name) => SHADES.map((part) => mixed(of(name), part, of('paper'))))
    expect(shades.filter((shade) => contrast(of('ink'), shade) < 4.5)).toEqual([])
  })

  it('shapes stand out: frames, focus, outcomes and the outline of every age', () => {
    const found = lowest(['line', 'focus', 'missing', 'superseded', 'installed', 'other', 'ink'], ['paper', 'sunk'])
    expect(Object.entries(found).filter(([, ratio]) => ratio < 3)).toEqual([])
  })

  it('stripes show on the age that they hatch, and the line of an outcome on its own fill', () => {
    const stripes = [0, 1, 2, 3, 4].map((age) => contrast(of(`hatch${age}`), of(`age${age}`)))
    expect(stripes.filter((ratio) => ratio < 3)).toEqual([])
    const outcomes = ['missing', 'superseded', 'installed', 'other']
    const lines = outcomes.map((name) => contrast(of(name), of(`${name}-fill`)))
    expect(lines.filter((ratio) => ratio < 1.5)).toEqual([])
  })

  it('what is still missing is near the paper, and what became of the rest is not', () => {
    const [missing = 0, ...others] = ['missing', 'superseded', 'installed', 'other'].map((name) =>
      contrast(of(`${name}-fill`), of('paper')),
    )
    expect(missing).toBeLessThan(1.7)
    expect(others.filter((ratio) => ratio < missing)).toEqual([])
  })

  it('ages go one way, from near the paper to far from it, each step to be told from the next', () => {
    const ages = [0, 1, 2, 3, 4].map((age) => contrast(of(`age${age}`), of('paper')))
    expect(ages.toSorted((a, b) => a - b)).toEqual(ages)
    const steps = [0, 1, 2, 3].map((age) => contrast(of(`age${age}`), of(`age${age + 1}`)))
    expect(steps.filter((step) => step < 1.4)).toEqual([])
  })
})
