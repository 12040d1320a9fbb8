import { isOpenAt, type Ledger } from './ledger.ts'
import type { MachineLedger, TrueInterval } from './machine-ledger.ts'
import { APPEARED, type Appeared, countBy, daysBetween, type Resolved, RESOLVED, SILENT_MS, sum } from './words.ts'
import type { Look } from './look.ts'

/** Ages of exposures as the page shows them: up to so many days; what is older is the last. */
const AGES = [7, 30, 60, 90] as const

/** What machines stand at after a look, and what came to pass in it; of the fleet, or of a group of it. */
export interface TruePoint {
  look: Look
  asked: number
  observed: number
  silent: number
  unknown: number
  pairs: number[]
  pairsAtLeast: number[]
  machines: number[]
  appeared: Record<Appeared, number>
  resolved: Record<Resolved, number>
}

export type GroupBy = 'rbacGroup' | 'osPlatform'
export const GROUPS_BY: readonly GroupBy[] = ['rbacGroup', 'osPlatform']

/** A look as a point, of the fleet and of each of its groups. Machines are grouped as they were listed then. */
export interface TruePoints {
  look: Look
  fleet: TruePoint
  groups: Record<GroupBy, Map<string | null, TruePoint>>
}

/** The points of the newest look. */
export function pointsOfLast(ledger: Ledger): TruePoints {
  const { last } = ledger
  const machines = [...ledger.machines.values()]
  return {
    look: last,
    fleet: pointOf(last, machines),
    groups: {
      rbacGroup: groupsOf(last, machines, ({ listed }) => listed.group),
      osPlatform: groupsOf(last, machines, ({ listed }) => listed.osPlatform),
    },
  }
}

/** A group is there while a machine of it is listed, or something came to pass in it. */
function groupsOf(look: Look, machines: readonly MachineLedger[], keyOf: (machine: MachineLedger) => string | null) {
  const members = new Map<string | null, MachineLedger[]>()
  for (const machine of machines) {
    const isThere =
      machine.standings.has(look.snapshotId) || machine.open.length > 0 || machine.intervals.some(({ end }) => end?.look === look)
    if (isThere) members.set(keyOf(machine), [...(members.get(keyOf(machine)) ?? []), machine])
  }
  return new Map([...members].map(([key, own]) => [key, pointOf(look, own)]))
}

function pointOf(look: Look, machines: readonly MachineLedger[]): TruePoint {
  const ended = (standing: string) => machines.filter(({ standings }) => standings.get(look.snapshotId) === standing)
  const observed = ended('observed')
  const unknown = ended('unknown').length
  const missing = machines.map((machine) => machine.intervals.filter((interval) => isOpenAt(interval, look)))
  const open = missing.flat()
  const intervals = machines.flatMap((machine) => machine.intervals)
  return {
    look,
    asked: observed.length + unknown,
    observed: observed.length,
    silent: observed.filter(({ listed: { lastSeen } }) => lastSeen === undefined || look.at - lastSeen > SILENT_MS).length,
    unknown,
    pairs: byAge(open.map((interval) => ageOf(interval, look))),
    pairsAtLeast: byAge(open.filter(({ exposure }) => exposure.atLeast).map((interval) => ageOf(interval, look))),
    machines: byAge(missing.filter((own) => own.length > 0).map((own) => Math.max(...own.map((interval) => ageOf(interval, look))))),
    appeared: countBy(
      APPEARED,
      intervals.filter(({ opened }) => opened === look).map(({ reason }) => reason),
    ),
    resolved: countBy(
      RESOLVED,
      intervals.flatMap(({ end }) => (end?.look === look ? [end.reason] : [])),
    ),
  }
}

/** Whole days for which an open interval's machine is exposed. */
export const ageOf = ({ exposure }: TrueInterval, look: Look): number => daysBetween(exposure.since.at, look.at)

function byAge(ages: readonly number[]): number[] {
  const cellOf = (age: number) => AGES.filter((most) => age > most).length
  return [...AGES, Infinity].map((_, cell) => ages.filter((age) => cellOf(age) === cell).length)
}

/** Several looks as one: what the last stands at, and all that came to pass. */
export function foldPoints(points: readonly TruePoint[]): TruePoint | undefined {
  const last = points.at(-1)
  if (!last) return undefined
  const total = <Name extends string>(names: readonly Name[], of: (point: TruePoint) => Record<Name, number>) =>
    Object.fromEntries(names.map((name) => [name, sum(points.map((point) => of(point)[name]))])) as Record<Name, number>
  return { ...last, appeared: total(APPEARED, ({ appeared }) => appeared), resolved: total(RESOLVED, ({ resolved }) => resolved) }
}

/** A group that is not there any more stands at nothing. */
export const nothingAt = (look: Look): TruePoint => pointOf(look, [])
