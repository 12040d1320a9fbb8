import { type Fault, type Machine, DEFENDER_POLICY } from '../defender/index.ts'
import type { MachineListing } from '../store/index.ts'
import { ask, type Asked } from './ask.ts'
import type { Slice } from './slice.ts'

/**
 * Machines a page. Defender gives up to 10,000, and takes 100 such calls a minute; what a page takes on its way from text to rows is the
 * most that a slice ever holds, and 2,000 keep that near 10 MB.
 * https://learn.microsoft.com/defender-endpoint/api/get-machines
 */
export const LIST_PAGE_MACHINES = 2_000

/** More machines than this are a listing that goes round in circles: no tenant has them. */
const MOST_LISTED = 2_000_000

/**
 * Pages on end without a machine that is new to the slice: then the listing goes round in circles. A single one is seen when a machine
 * drops out between two pages, and the rest moves up.
 */
const STALE_PAGES = 2

/** Slices in which a listing may fail before the snapshot goes on with what it knows, never closing what is not listed. */
const LISTING_SLICES = 3

type Page = { kind: 'page'; machines: Machine[]; rows: number } | { kind: 'end' }

/**
 * Lists the tenant's machines page by page into the machines table. Paging is driven with `$top` and `$skip`: with `$top` there is
 * no nextLink, and without it the one that came with `$filter` once looped for ever (facts sheet, 5.2). `$skip` has no promised
 * order, so pages may repeat or drop machines: repeats are harmless, and a machine that is not listed is asked for by id.
 */
export async function listMachines(slice: Slice): Promise<'done' | 'more'> {
  const seen = await seenSoFar(slice)
  let stalePages = 0
  while (!slice.stopped) {
    const asked = await ask<Page>(slice, 'machines', () => requestPage(slice))
    if (asked.kind === 'stopped') return 'more'
    if (asked.kind === 'unknown') return isEmptied(asked) ? complete(slice) : cutOffOrFailed(slice, asked)
    if (asked.answer.kind === 'end') return complete(slice)
    stalePages = (await takePage(slice, asked.answer, seen)) === 0 ? stalePages + 1 : 0
    if (stalePages >= STALE_PAGES || slice.snapshot.listingSkip > MOST_LISTED) return listingFailed(slice, PAGE_LOOP)
    slice.noteProgress()
  }
  return 'more'
}

/** The last report of each machine that this snapshot has listed, as the pages so far had it. */
type Seen = Map<string, string>

/** What the slices before have listed. */
async function seenSoFar({ snapshot, store, tenantId, snapshotId }: Slice): Promise<Seen> {
  const seen: Seen = new Map()
  if (snapshot.listingSkip === 0) return seen
  for await (const page of store.machines.pages(tenantId)) {
    for (const row of page) if (row.lastListedSnapshotId === snapshotId) seen.set(row.machineId, row.lastSeen ?? '')
  }
  return seen
}

type Unanswered = Extract<Asked<Page>, { kind: 'unknown' }>

/** "404 Not Found: no recent machines" is documented for an empty list; believed when all attempts were made and most of them say so. */
const isEmptied = ({ notFound, cutOff }: Unanswered) => notFound >= DEFENDER_POLICY.notFoundTimes && !cutOff

/** The slice's end between two attempts is no failure, unless it comes again and again. */
function cutOffOrFailed(slice: Slice, { fault, cutOff }: Unanswered): 'done' | 'more' {
  return cutOff && slice.mayBeginAnew ? 'more' : listingFailed(slice, fault)
}

/** Writes a page's machines down; how many of them are new to the slice. One that comes again is written again if the page knows of a newer report. */
async function takePage(slice: Slice, { machines, rows }: Extract<Page, { kind: 'page' }>, seen: Seen): Promise<number> {
  const fresh = machines.filter((machine) => !seen.has(machine.machineId))
  const newer = machines.filter((machine) => (machine.lastSeen ?? '') >= (seen.get(machine.machineId) ?? ''))
  for (const machine of newer) seen.set(machine.machineId, machine.lastSeen ?? '')
  await slice.store.machines.list(
    slice.tenantId,
    newer.map((machine) => listingOf(slice, machine)),
  )
  count(slice, fresh, rows)
  return fresh.length
}

const PAGE_LOOP: Fault = { kind: 'transient', code: 'pageLoop', detail: 'the machine list repeats a page that it gave before' }

async function requestPage(slice: Slice) {
  const { machineFilter } = slice.settings
  const result = await slice.defender.listMachines({
    top: LIST_PAGE_MACHINES,
    skip: slice.snapshot.listingSkip,
    ...(machineFilter !== undefined && { filter: machineFilter }),
  })
  return result.kind === 'page' && result.rows === 0 ? { kind: 'end' as const } : result
}

function complete(slice: Slice): 'done' {
  slice.snapshot.listingComplete = true
  slice.snapshot.errorCode = ''
  slice.snapshot.errorDetail = ''
  return 'done'
}

/** The listing starts over in the next slice; after a few, the snapshot goes on with the machines it knows. */
function listingFailed(slice: Slice, fault: Fault): 'done' | 'more' {
  const { snapshot } = slice
  snapshot.listingFailures++
  snapshot.errorCode = fault.code
  snapshot.errorDetail = `the machine list could not be read to its end: ${fault.detail}`
  slice.outside.log.warn('listing.failed', { snapshotId: slice.snapshotId, code: fault.code, failures: snapshot.listingFailures })
  if (snapshot.listingFailures >= LISTING_SLICES) return 'done'
  Object.assign(snapshot, { listingSkip: 0, listed: 0, wanted: 0 })
  slice.stop({ kind: 'listing' })
  return 'more'
}

/** What a listed machine's row takes over from the listing. */
export function listingOf(slice: Slice, machine: Machine): MachineListing {
  const { firstSeen, lastSeen, osBuild, osPlatform, ...attributes } = machine
  return {
    ...attributes,
    // A platform that one answer leaves out is no other platform: what the row knows stays.
    ...(osPlatform !== null && { osPlatform, wanted: isWanted(osPlatform, slice.settings.machinePlatforms) }),
    osBuild: osBuild === null ? null : String(osBuild),
    firstSeen,
    lastSeen,
    lastListedSnapshotId: slice.snapshotId,
    filteredOut: false,
    // Only ever set, never cleared: a Merge leaves it alone afterwards.
    ...(['', slice.snapshotId].includes(slice.lease.tenant.baselineSnapshotId) && { baseline: true }),
  }
}

/** MACHINE_PLATFORMS holds prefixes of osPlatform; letter case does not matter. */
export function isWanted(osPlatform: string | null, prefixes: readonly string[]): boolean {
  const platform = osPlatform?.toLowerCase()
  return platform !== undefined && prefixes.some((prefix) => platform.startsWith(prefix.toLowerCase()))
}

function count(slice: Slice, fresh: readonly Machine[], rows: number): void {
  const { snapshot, settings } = slice
  snapshot.listingSkip += rows
  snapshot.listed += fresh.length
  snapshot.wanted += fresh.filter((machine) => isWanted(machine.osPlatform, settings.machinePlatforms)).length
}
