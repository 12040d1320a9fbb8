import type { BrowserContext } from 'playwright-core'
import { type Conditions, paintedOf } from './browse.ts'
import type { Figure, Report } from './figure.ts'
import { inTurn, median } from './rounds.ts'

/** A page, and a browser that has been there. */
interface Visited {
  context: BrowserContext
  url: string
}

const ROUNDS = 7
const SLOWED: Conditions = { slowedBy: 4 }
const LATE: Conditions = { overviewLateMs: 800 }
/** All of the 400 days: as many points as a picture has. */
const WITH_MOST_POINTS = '?view=overview&from=1970-01-01'
const LONGEST_TASK_MS = 200

/** When the overview has painted, against a bare page of the same bytes in the same browser. */
export async function paintFigures(ours: Visited, bare: Visited, report: Report): Promise<Figure[]> {
  const tasks: number[] = []
  const compare = async (what: string, query: string, conditions: Conditions, of: 'first' | 'largest', target: string): Promise<Figure> => {
    report(`${ROUNDS} rounds: ${what}`)
    const paint = async ({ context, url }: Visited, asked = '') => {
      const painted = await paintedOf(context, url + asked, conditions)
      if (query !== '' && asked === query) tasks.push(painted.longestTask)
      return painted[of]
    }
    const { first, second, ratio } = await inTurn(
      ROUNDS,
      () => paint(ours, query),
      () => paint(bare),
    )
    return {
      what: `${what}, against a bare page of the same bytes`,
      measured: milliseconds(first),
      against: milliseconds(second),
      ratio,
      target,
    }
  }
  const figures = [
    await compare('first contentful paint, warm', '', {}, 'first', 'at most 500 ms'),
    await compare('the same, /api/overview 800 ms late', '', LATE, 'first', 'at most 1 s'),
    await compare('largest paint with 400 points, processor 4 times slower', WITH_MOST_POINTS, SLOWED, 'largest', 'at most 1.5 s'),
  ]
  const longest = median(tasks)
  return [
    ...figures,
    {
      what: 'its longest task, against the limit',
      measured: milliseconds(longest),
      against: milliseconds(LONGEST_TASK_MS),
      ratio: longest / LONGEST_TASK_MS,
      target: 'at most 1',
    },
  ]
}

const milliseconds = (count: number) => `${count.toFixed(0)} ms`
