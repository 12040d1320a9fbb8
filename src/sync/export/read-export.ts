import type { Fault } from '../../defender/index.ts'
import type { ExportedKbName, ExportedMachine, Machine } from '../../domain/index.ts'
import { StoreError, type TenantStore } from '../../store/index.ts'
import { machinesOf } from './machines-of.ts'
import { doubtsOfFiles, namesOf, unpackReading } from './reading-state.ts'

/** An export that was read to its end. */
export interface ReadExport {
  /** When Defender made it, ISO 8601 UTC. */
  generatedAt: string
  /** Something of it could not be read: what it lacks says nothing. */
  closesNothing: boolean
  kbs: ReadonlyMap<string, ExportedKbName>
  /** Its machines behind one, or all, in the order of their ids. */
  machines(after: string | null): AsyncIterable<ExportedMachine>
  /** Why nothing is made of it that it has no row of a machine; undefined where there is no more to say. */
  missesOn(machine: Machine): Fault | undefined
}

/** Opens what the phase before has read. Throws a `StoreError` where it is not there. */
export async function openReadExport({ exports }: Pick<TenantStore, 'exports'>, snapshotId: string): Promise<ReadExport> {
  const state = unpackReading(await exports.state(snapshotId))
  if (!state?.survey) throw new StoreError(`what was read of the export for ${snapshotId} is gone`, 'ExportGone')
  const { vanishedGroups, doubts } = state.survey
  const fell = doubts.find(({ code }) => code === 'exportFell')
  return {
    generatedAt: state.generatedAt,
    closesNothing: doubtsOfFiles(state).length > 0 || fell !== undefined,
    kbs: namesOf(state),
    machines: (after) => machinesOf(exports, snapshotId, state, after),
    missesOn({ observedSource, rbacGroupName }) {
      if (observedSource !== 'export') return undefined
      if (fell) return { kind: 'transient', code: fell.code, detail: fell.detail }
      return vanishedGroups.includes(rbacGroupName ?? '') ? GROUP_VANISHED : undefined
    },
  }
}

const GROUP_VANISHED: Fault = {
  kind: 'transient',
  code: 'groupNotInExport',
  detail: 'the export speaks of no machine of its device group, and the one before did',
}
