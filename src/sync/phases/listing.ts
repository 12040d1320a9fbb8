import { type Fault, DEFENDER_POLICY, retryDelayMs } from '../../defender/index.ts'
import { isOnboarded, isWanted, type ListedMachine, listingOf, type ListingRules } from '../../domain/index.ts'
import type { Asked, Unanswered } from '../slice/call-result.ts'
import type { Slice } from '../slice/slice.ts'
import { ANY_PHASE, type Phase } from './phase.ts'

/** Lists the tenant's machines page by page into the machines table. */
export const listing: Phase = {
  ...ANY_PHASE,
  name: 'listing',
  work: listMachines,
  next: ({ source }) => (source === 'export' ? 'reading' : 'observing'),
  machinesLeft: () => undefined,
}

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

type Page = { kind: 'page'; machines: ListedMachine[]; rows: number; more: boolean } | { kind: 'end' }

/**
 * Paging is driven with `$top` and `$skip`: with `$top` there is no nextLink, and without it the one that came with `$filter` once
 * looped for ever (facts sheet, 5.2). `$skip` has no promised order, so pages may repeat or drop machines: repeats are harmless, and a
 * machine that is not listed is asked for by id.
 */
async function listMachines(slice: Slice): Promise<'done' | 'more'> {
  const { record, stop, stalls } = slice
  const seen = await seenSoFar(slice)
  const known = await machinesKnown(slice)
  let stalePages = 0
  let isMoreSaid = false
  while (!stop.reason) {
    const asked = await askForPage(slice)
    if (asked.kind === 'stopped') return 'more'
    if (asked.kind === 'unknown') return isEmptied(asked) ? complete(slice) : cutOffOrFailed(slice, asked)
    if (asked.answer.kind === 'end') {
      stalls.noteProgress()
      if (await isEnd(slice, isMoreSaid || seen.size < known)) return complete(slice)
      continue
    }
    isMoreSaid = asked.answer.more
    stalePages = (await takePage(slice, asked.answer, seen)) === 0 ? stalePages + 1 : 0
    if (stalePages >= STALE_PAGES || record.snapshot.listingSkip > MOST_LISTED) return failed(slice, PAGE_LOOP)
    stalls.noteProgress()
  }
  return 'more'
}

/** The last report of each machine that this snapshot has listed, as the pages so far had it. */
type Seen = Map<string, string>

/** What the slices before have listed. */
async function seenSoFar({ record, ports: { store } }: Slice): Promise<Seen> {
  const seen: Seen = new Map()
  if (record.snapshot.listingSkip === 0) return seen
  for await (const page of store.machines.pages()) {
    for (const machine of page) if (machine.lastListedSnapshotId === record.id) seen.set(machine.machineId, machine.lastSeen ?? '')
  }
  return seen
}

/** Machines that the last snapshot listed: an end of the list before them is doubted. */
async function machinesKnown({ ports: { lease, store } }: Slice): Promise<number> {
  const { lastEndedSnapshotId } = lease.tenant
  return lastEndedSnapshotId === null ? 0 : ((await store.snapshots.get(lastEndedSnapshotId))?.listed ?? 0)
}

/** "404 Not Found: no recent machines" is documented for an empty list; believed when all attempts were made and most of them say so. */
const isEmptied = ({ notFound, cutOff }: Unanswered) => notFound >= DEFENDER_POLICY.notFoundTimes && !cutOff

/**
 * Whether an empty page is the end. Where the page before it, or the last snapshot, says that there is more, it is asked for again, as one
 * that is not found: counted over slices, since each may have a single call.
 */
async function isEnd({ record, ports: { outside } }: Slice, isMoreExpected: boolean): Promise<boolean> {
  record.listingEnded()
  const { listingEnds } = record.snapshot
  if (!isMoreExpected || listingEnds >= DEFENDER_POLICY.notFoundTimes) return true
  await outside.clock.sleep(retryDelayMs(listingEnds, outside.random()))
  return false
}

/** The slice's end between two attempts is no failure, unless it comes again and again. */
function cutOffOrFailed(slice: Slice, { fault, cutOff }: Unanswered): 'done' | 'more' {
  return cutOff && slice.stalls.mayBeginAnew ? 'more' : failed(slice, fault)
}

/** Writes a page's machines down; how many of them are new to the slice. One that comes again is written again if the page knows of a newer report. */
async function takePage(slice: Slice, { machines, rows }: Extract<Page, { kind: 'page' }>, seen: Seen): Promise<number> {
  const { record, ports } = slice
  const fresh = machines.filter((machine) => !seen.has(machine.machineId))
  const newer = machines.filter((machine) => (machine.lastSeen ?? '') >= (seen.get(machine.machineId) ?? ''))
  for (const machine of newer) seen.set(machine.machineId, machine.lastSeen ?? '')
  const rules = listingRules(slice)
  await ports.store.machines.list(newer.map((machine) => listingOf(machine, rules)))
  if (machines.length > 0) await markBaseline(slice)
  const { machinePlatforms } = ports.settings
  const wanted = fresh.filter((machine) => isWanted(machine.osPlatform, machinePlatforms) && isOnboarded(machine.onboardingStatus))
  record.listed({ rows, machines: fresh.length, wanted: wanted.length })
  return fresh.length
}

const PAGE_LOOP: Fault = { kind: 'transient', code: 'pageLoop', detail: 'the machine list repeats a page that it gave before' }

function askForPage({ record, calls, ports }: Slice): Promise<Asked<Page>> {
  const { machineFilter } = ports.settings
  return calls.ask<Page>('machines', async () => {
    const result = await ports.defender.listMachines({
      top: LIST_PAGE_MACHINES,
      skip: record.snapshot.listingSkip,
      ...(machineFilter !== undefined && { filter: machineFilter }),
    })
    return result.kind === 'page' && result.rows === 0 ? { kind: 'end' as const } : result
  })
}

function complete({ record }: Slice): 'done' {
  record.listingCompleted()
  return 'done'
}

/** The listing starts over in the next slice; after a few, the snapshot goes on with the machines it knows. */
function failed({ record, stop, ports: { outside } }: Slice, fault: Fault): 'done' | 'more' {
  record.listingFailed(fault)
  const failures = record.snapshot.listingFailures
  outside.log.warn('listing.failed', { snapshotId: record.id, code: fault.code, failures })
  if (failures >= LISTING_SLICES) return 'done'
  record.listingStartsOver()
  stop.stop({ kind: 'listing' })
  return 'more'
}

/** The rules of this snapshot's listing. */
export function listingRules({ record, ports: { settings, lease } }: Slice): ListingRules {
  const { baselineSnapshotId } = lease.tenant
  const isBaseline = baselineSnapshotId === null || baselineSnapshotId === record.id
  return { snapshotId: record.id, platforms: settings.machinePlatforms, isBaseline }
}

/**
 * The first snapshot that listed machines is the ground that all history stands on, even if its listing breaks: whoever joins later was not
 * there.
 */
async function markBaseline({ record, ports: { lease } }: Slice): Promise<void> {
  if (lease.tenant.baselineSnapshotId === null) await lease.update({ baselineSnapshotId: record.id })
}
