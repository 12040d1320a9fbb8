import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import { type Outage, statusIn } from './outage.ts'
import { counted } from './text.ts'

/** A snapshot as the API shows it, and what the simulated world knows of the machines at the same time. */
export interface Witnessed {
  snapshot: Pick<SnapshotShape, 'status' | 'coverage' | 'machines'>
  /** The machines that the snapshot could not observe, with the status that it saw. */
  unknown: readonly { machineId: string; status: number | null }[]
  /** Those whose newest observation is of the snapshot. */
  observed: ReadonlySet<string>
  /** What the simulated world had to be asked about when the snapshot began, and when it had ended. */
  askedFirst: readonly string[]
  askedLast: ReadonlySet<string>
  outage: Outage
}

/**
 * In what a snapshot is not as it must be: every machine that was there from its beginning to its end was observed, or is unknown with the
 * very cause that the simulated world was told to give. What left meanwhile may be either.
 */
export function contradictions({ snapshot, unknown, observed, askedFirst, askedLast, outage }: Witnessed): string[] {
  const statusOf = new Map(unknown.map(({ machineId, status }) => [machineId, status]))
  const asked = new Set(askedFirst)
  const stayed = askedFirst.filter((machineId) => askedLast.has(machineId))
  const ofMachines = stayed.flatMap((machineId) => {
    const [is, mustBe] = [statusOf.get(machineId), statusIn(outage, machineId)]
    if (is !== mustBe) return [`${machineId} is ${toldAs(is)}, and must be ${toldAs(mustBe)}`]
    return is === undefined && !observed.has(machineId) ? [`${machineId} is neither observed nor unknown`] : []
  })
  const invented = unknown.filter(({ machineId }) => !asked.has(machineId)).map(({ machineId }) => `${machineId} was not to be asked`)
  return [...ofMachines, ...invented, ...ofCounts(snapshot, unknown.length)]
}

const toldAs = (status: number | null | undefined): string => (status === undefined ? 'observed' : `unknown by HTTP ${status ?? 'nothing'}`)

function ofCounts({ status, coverage, machines }: Witnessed['snapshot'], unknown: number): string[] {
  const mustBe = unknown > 0 ? 'incomplete' : 'completed'
  return [
    ...(status === mustBe ? [] : [`it is ${status}, and must be ${mustBe}`]),
    ...(machines.unknown === unknown ? [] : [`it counts ${machines.unknown} unknown, and lists ${counted(unknown, 'machine')}`]),
    ...(coverage < 1 === unknown > 0 ? [] : [`its coverage is ${coverage} with ${counted(unknown, 'unknown machine')}`]),
  ]
}
