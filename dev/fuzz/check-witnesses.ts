import { type Evidence, idOfKey, type IntervalRow, openAfter } from './evidence.ts'
import type { Served } from './fuzz-defender.ts'
import { testimonies, type Testimony } from './witness.ts'

/** Answers that it takes to believe that nothing is missing, and that a machine is gone. */
const EMPTY_TIMES = 2
const NOT_FOUND_TIMES = 3

/** Every interval of a machine that was closed has what the design asks for it: answers that said so, twice where they said "nothing". */
export function checkWitnesses({ intervals, served, damaged }: Evidence, machineId: string): string[] {
  const said = testimonies(served, machineId)
  // What was left then is not known where its intervals were tampered with.
  const areWhole = !damaged.some(({ table, partitionKey }) => table === 'missingkbs' && partitionKey.endsWith(machineId))
  return intervals
    .filter((interval) => interval.machineId === machineId && interval.resolved !== undefined && interval.resolved >= 0)
    .filter(({ kbId }) => areWhole || !damaged.some(({ rowKey }) => idOfKey(rowKey).startsWith(`${kbId}|`)))
    .flatMap((interval) => {
      const look = interval.resolved ?? -1
      const isLastOne = areWhole && openAfter(intervals, machineId, look).length === 0
      const why = unproven(
        interval,
        said,
        served.filter((one) => one.look === look),
        isLastOne,
      )
      return why === undefined
        ? []
        : [`${interval.kbId} of ${machineId} was resolved as ${interval.resolvedReason} in look ${look}: ${why}`]
    })
}

function unproven(
  { kbId, resolved, machineId, resolvedReason }: IntervalRow,
  said: readonly Testimony[],
  served: readonly Served[],
  isLastOne: boolean,
) {
  switch (resolvedReason) {
    case 'removed':
      return isGone(served, machineId) && isListedToTheEnd(served) ? undefined : 'nobody said that the machine is gone'
    case 'excluded':
      return isUnwanted(served, machineId) ? undefined : 'nobody said that the machine is of no interest'
    default: {
      const without = said.filter(({ look, kbIds }) => look === resolved && !kbIds.has(kbId))
      if (without.length === 0) return 'no answer was without it'
      const empty = without.filter(({ kbIds }) => kbIds.size === 0)
      return !isLastOne || empty.length >= EMPTY_TIMES ? undefined : `${empty.length} answers said that nothing is missing`
    }
  }
}

function isGone(served: readonly Served[], machineId: string): boolean {
  return served.filter((one) => one.target === 'byId' && one.machineId === machineId && one.status === 404).length >= NOT_FOUND_TIMES
}

/** A listing is complete when a page of it was empty, or when there is none, said as often as it takes to be believed. */
function isListedToTheEnd(served: readonly Served[]): boolean {
  const pages = served.filter(({ target }) => target === 'list')
  const isEnd = ({ status, body }: Served) => status === 200 && /"value"\s*:\s*\[\s*\]/.test(String(body))
  return pages.some(isEnd) || pages.filter(({ status }) => status === 404).length >= NOT_FOUND_TIMES
}

/** A row of the machine that names another platform, or says that it is not onboarded. */
function isUnwanted(served: readonly Served[], machineId: string): boolean {
  return served
    .filter(({ target, status }) => status === 200 && target !== 'missingKbs')
    .flatMap(({ body }) => rowsIn(body))
    .some(({ id, osPlatform, onboardingStatus }) => {
      const isOnboarded = onboardingStatus === undefined || onboardingStatus === null || /^\s*onboarded\s*$/i.test(textOf(onboardingStatus))
      return textOf(id).trim().toLowerCase() === machineId && (!/^\s*windows/i.test(textOf(osPlatform)) || !isOnboarded)
    })
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

function rowsIn(body: Buffer | undefined): Record<string, unknown>[] {
  try {
    const json = JSON.parse((body ?? '').toString()) as Record<string, unknown>
    const rows = Array.isArray(json['value']) ? (json['value'] as unknown[]) : [json]
    return rows.filter((row) => typeof row === 'object' && row !== null) as Record<string, unknown>[]
  } catch {
    return []
  }
}
