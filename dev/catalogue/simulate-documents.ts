import { patchTuesdayMs } from '../../src/domain/index.ts'
import { WORLD } from '../simulator/world.ts'
import { productsOfPlatform, productsOfWord, type SimulatedProduct } from './products.ts'
import { groupsOf, type SimulatedKb, simulatedKbs } from './simulated-kbs.ts'
import { vulnerabilitiesOf } from './simulated-vulnerabilities.ts'
import type { DocumentFacts } from './wire.ts'

/** An entry of CISA's catalogue. */
export interface SimulatedKevEntry {
  cveID: string
  dateAdded: string
  dueDate: string
  knownRansomwareCampaignUse: 'Known' | 'Unknown'
}

/** The public documents about the KBs of `kb-catalog.json`: their dates, severities, numbers and links are true, all else is made up. */
export interface SimulatedDocuments {
  /** Those that are out at an instant (ms), as the list has them. */
  list(now: number): Pick<DocumentFacts, 'id' | 'initialReleaseDate' | 'currentReleaseDate'>[]
  document(id: string, now: number): DocumentFacts | undefined
  kev(now: number): SimulatedKevEntry[]
}

const DAY_MS = 86_400_000
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Packages of Linux keep moving a document's date long after its month. */
const MOVES_MS = 45 * DAY_MS

/** `mostCves` keeps the documents small: no KB closes more vulnerabilities of a kind. */
export function simulateDocuments({ mostCves = Infinity } = {}): SimulatedDocuments {
  const months = groupsOf(simulatedKbs(), ({ released }) => `${released.slice(0, 4)}-${MONTHS[Number(released.slice(5, 7)) - 1]}`)
  const out = (id: string, now: number) =>
    (months.get(id) ?? []).filter(({ released }) => Date.parse(released) + WORLD.releaseHourUtc <= now)
  const ids = (now: number) => [...months.keys()].filter((id) => out(id, now).length > 0)
  return {
    list: (now) => ids(now).map((id) => ({ id, ...datesOf(out(id, now), now) })),
    document(id, now) {
      const kbs = out(id, now)
      return kbs.length === 0
        ? undefined
        : { id, ...datesOf(kbs, now), products: productsOf(kbs), vulnerabilities: vulnerabilitiesOf(kbs, mostCves) }
    },
    kev: (now) => ids(now).flatMap((id) => kevOf(out(id, now), mostCves, now)),
  }
}

/** The day of Patch Tuesday is midnight in Redmond, in summer 07:00 UTC. */
function datesOf([first, ...others]: readonly SimulatedKb[], now: number) {
  const month = first?.released.slice(0, 7).replace('-', '') ?? ''
  const tuesday = new Date(patchTuesdayMs(month)).toISOString().slice(0, 10)
  const newest =
    [first, ...others]
      .map((kb) => kb?.released ?? '')
      .sort()
      .at(-1) ?? ''
  const today = new Date(Math.min(now, Date.parse(newest) + MOVES_MS)).toISOString().slice(0, 10)
  return { initialReleaseDate: `${tuesday}T07:00:00`, currentReleaseDate: `${today > newest ? today : newest}T07:00:00` }
}

function productsOf(kbs: readonly SimulatedKb[]): SimulatedProduct[] {
  const all = kbs.flatMap(({ platforms, products }) => [...platforms.flatMap(productsOfPlatform), ...products.flatMap(productsOfWord)])
  return [...new Map(all.map((product) => [product.productId, product])).values()]
}

/** Every other one that is exploited is listed two days after its release. */
function kevOf(kbs: readonly SimulatedKb[], mostCves: number, now: number): SimulatedKevEntry[] {
  const exploited = vulnerabilitiesOf(kbs, mostCves).filter((vulnerability) => vulnerability.exploited)
  const dayAfter = (date: string, days: number) => new Date(Date.parse(`${date}Z`) + days * DAY_MS).toISOString().slice(0, 10)
  return exploited
    .filter((_, index) => index % 2 === 0)
    .map(({ cve, revisions: [date = ''] }, index) => ({
      ...{ cveID: cve, dateAdded: dayAfter(date, 2), dueDate: dayAfter(date, 16) },
      knownRansomwareCampaignUse: index % 3 === 0 ? ('Known' as const) : ('Unknown' as const),
    }))
    .filter(({ dateAdded }) => Date.parse(dateAdded) <= now)
}
