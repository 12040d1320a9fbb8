import { describe, expect, it } from 'vitest'
import { comparableRows } from '../../dev/comparable-rows.ts'
import { simulatedClock } from '../../dev/simulated-clock.ts'
import type { SimulatedDocuments } from '../../dev/catalogue/index.ts'
import { CATALOGUE_NOW, type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import { Mortal } from '../support/mortal.ts'
import { documentOf, vulnerability } from '../support/read-catalogue.ts'
import { openClient } from '../support/table-services.ts'
import { sized } from '../support/test-size.ts'
import { DAY, MINUTE } from '../support/world.ts'

const REVISED = { day1: '2026-04-14T07:00:00', day2: '2026-04-15T07:00:00' }
const MONTHS = [
  { id: '2026-Feb', initialReleaseDate: '2026-02-10T08:00:00', kb: '5077181' },
  { id: '2026-Mar', initialReleaseDate: '2026-03-10T07:00:00', kb: '5079473' },
  { id: '2026-Apr', initialReleaseDate: '2026-04-14T07:00:00', kb: '5083769' },
]

/** Three documents of three KBs each. On the second day two have moved: one KB is worse, one exploited, one gone; and CISA lists one more. */
function documentsAt(now: () => number): SimulatedDocuments {
  const isSecond = () => now() >= CATALOGUE_NOW + DAY / 2
  const documents = () =>
    MONTHS.map(({ kb, ...month }, index) => {
      const moves = isSecond() && index > 0
      const kbs = [0, 1, 2].filter((place) => !moves || place < 2).map((place) => String(Number(kb) + place))
      const of = (kbId: string, place: number) => ({
        ...{ cve: `CVE-2026-2${index}00${place}`, kb: kbId, exploited: moves && place === 1 },
      })
      const severities = [{ severity: moves ? 'Critical' : 'Important', productIds: ['1', '2'] }]
      const vulnerabilities = kbs.map((kbId, place) =>
        vulnerability({ ...of(kbId, place), severities, revisions: [month.initialReleaseDate] }),
      )
      return documentOf(vulnerabilities, { ...month, currentReleaseDate: moves ? REVISED.day2 : REVISED.day1 })
    })
  const entry = (cveID: string) => ({
    ...{ cveID, dateAdded: '2026-04-14', dueDate: '2026-05-05' },
    knownRansomwareCampaignUse: 'Unknown' as const,
  })
  return {
    list: documents,
    document: (id) => documents().find((document) => document.id === id),
    kev: () => [entry('CVE-2026-20000'), ...(isSecond() ? [entry('CVE-2026-21000')] : [])],
  }
}

const TABLE = ['catalogue']

async function rowsOf({ connectionString }: CatalogueWorld, prefix: string) {
  const rows = await comparableRows((name) => openClient(connectionString, `${prefix}${name}`), TABLE)
  // When it was through.
  for (const row of rows.values()) delete row['refreshedAt']
  return rows
}

describe('a refresh that is killed', () => {
  it.each([1, 2])(
    'on day %i, before or after any trip to the tables, goes on to the rows of one that was not',
    { timeout: 300_000 },
    async (day) => {
      const time = { clock: simulatedClock(CATALOGUE_NOW) }
      const first = await startCatalogueWorld({ documents: documentsAt(() => time.clock.now()) })
      /** Lives up to the given day, dies in it, and goes on when its claim has run out. */
      const live = async (prefix: string, diesAt: number) => {
        const clock = simulatedClock(CATALOGUE_NOW)
        time.clock = clock
        const world = first.over(prefix, clock)
        await world.addKbs(MONTHS.map(({ kb, id }, index) => ({ kbId: kb, month: ['202602', '202603', '202604'][index] ?? id })))
        if (day === 2) {
          await world.refresh()
          clock.set(CATALOGUE_NOW + DAY)
        }
        const mortal = new Mortal(diesAt)
        const result = await Promise.race([world.refresh(mortal), mortal.died])
        await mortal.landed()
        clock.advance(11 * MINUTE)
        if (result === 'died') await world.refresh()
        return { rows: await rowsOf(world, prefix), points: mortal.points, result }
      }
      const undisturbed = await live(`d${day}undisturbed`, Infinity)
      expect(undisturbed.result).toMatchObject({ kind: 'refreshed', read: day === 1 ? 3 : 2, failed: 0 })
      expect([...undisturbed.rows.keys()].filter((key) => key.startsWith('catalogue kb'))).toHaveLength(day === 1 ? 9 : 7)
      expect(undisturbed.points).toBeGreaterThan(20)
      for (let at = 1; at <= undisturbed.points; at += sized(3, 1)) {
        const killed = await live(`d${day}k${at}`, at)
        expect(killed.rows, `killed at point ${at} of ${undisturbed.points}`).toEqual(undisturbed.rows)
      }
    },
  )
})
