import type { Page } from 'playwright-core'
import { inPage } from './browser.ts'

/** How a picture's heights are to be read, by the marks at its side: `valueOf` a length, and `at` a place. */
const SCALE = `
  const marks = [...svg.querySelectorAll('text.tick[text-anchor=end]')].map((tick) => Number(tick.textContent.replace(/[, %]/g, '')))
  const lines = [...svg.querySelectorAll('line.grid')].map((line) => Number(line.getAttribute('y1')))
  const unit = (lines[0] - lines[1]) / (marks[1] - marks[0])
  const rounded = (value) => Math.round(value * 100) / 100
  const valueOf = (shape) => (shape ? rounded(Math.abs(Number(shape.getAttribute('height')) / unit)) : 0)
  const at = (y) => rounded(marks[0] + (lines[0] - Number(y)) / unit)`

/** Of each bar of the trend what is "at least", by age, the youngest first; and whether each stands at the foot of its age. */
export const atLeastIn = (page: Page): Promise<{ counts: number[]; isAtFoot: boolean }[]> =>
  inPage(
    page,
    `(() => {
      const svg = document.querySelector('figure.chart svg')
      ${SCALE}
      const footOf = (shape) => rounded(Number(shape.getAttribute('y')) + Number(shape.getAttribute('height')))
      return [...svg.querySelectorAll('g.bar')].map((bar) => {
        const hatched = [0, 1, 2, 3, 4].map((age) => bar.querySelector('.at-least[fill="url(#at-least' + age + ')"]'))
        return {
          counts: hatched.map(valueOf),
          isAtFoot: hatched.every((shape, age) => !shape || footOf(shape) === footOf(bar.querySelector('.age' + age))),
        }
      })
    })()`,
  )

/** Pairs of each bar of the trend. */
export const barsIn = (page: Page): Promise<number[]> =>
  inPage(
    page,
    `(() => {
      const svg = document.querySelector('figure.chart svg')
      ${SCALE}
      return [...svg.querySelectorAll('g.bar')].map((bar) =>
        [0, 1, 2, 3, 4].reduce((sum, age) => Math.round(sum + valueOf(bar.querySelector('.age' + age))), 0))
    })()`,
  )

export interface DrawnSnapshot {
  tone: string
  /** In percent of the machines to be asked. */
  unknown: number
  silent: number
}

/** The picture of coverage; and before how many of its snapshots it says that there was none for longer than usual. */
export const coverageIn = (page: Page): Promise<{ snapshots: DrawnSnapshot[]; pauses: number }> =>
  inPage(
    page,
    `(() => {
      const svg = document.querySelector('svg.strip')
      ${SCALE}
      return {
        snapshots: [...svg.querySelectorAll('g.bar')].map((bar) => ({
          tone: bar.querySelector('rect').getAttribute('class'),
          unknown: valueOf(bar.querySelector('rect.unknown')),
          silent: valueOf(bar.querySelector('rect.silent')),
        })),
        pauses: svg.querySelectorAll('line.pause').length,
      }
    })()`,
  )

/** The picture of calls: how many of each snapshot were heard and how many refused, and where the quota of an hour stands. */
export const callsIn = (page: Page): Promise<{ heard: number[]; throttled: number[]; quota: number }> =>
  inPage(
    page,
    `(() => {
      const svg = document.querySelector('svg.calls')
      ${SCALE}
      const bars = [...svg.querySelectorAll('g.bar')]
      return {
        heard: bars.map((bar) => Math.round(valueOf(bar.querySelector('.called')))),
        throttled: bars.map((bar) => Math.round(valueOf(bar.querySelector('.throttled')))),
        quota: Math.round(at(svg.querySelector('line.quota').getAttribute('y1'))),
      }
    })()`,
  )
