import { coverageOf } from './coverage.ts'
import type { Snapshot, SnapshotStatus } from './snapshot.ts'

/** What ended snapshots came to, for lists of tenants; null where that was not counted. */
export interface EndedFigures {
  /** Of the newest. */
  endedStatus: SnapshotStatus | null
  /** Of the machines to be asked, those observed, in parts of a million. */
  endedCoveragePpm: number | null
  /** From here on, of the newest that did not fail: a failed one counts only what it came to. */
  endedMissingPairs: number | null
  endedMissingMachines: number | null
  endedOver30: number | null
}

/** Of the newest snapshot that read an export and did not fail; null before there is one. */
export interface LastExport {
  /** When Defender made it. */
  lastExportAt: string | null
  /** How many machines had rows in it. */
  lastExportMachines: number | null
}

/** What a tenant keeps of a snapshot that ends. */
export function endedFigures(snapshot: Snapshot): Partial<EndedFigures & LastExport> {
  const { status, sourceTime, missingPairs, missingMachines, over30 } = snapshot
  return {
    endedStatus: status,
    endedCoveragePpm: ppmOf(coverageOf(snapshot)),
    ...(status !== 'failed' && { endedMissingPairs: missingPairs, endedMissingMachines: missingMachines, endedOver30: over30 }),
    ...(status !== 'failed' && sourceTime !== null && { lastExportAt: sourceTime }),
  }
}

/** A share in parts of a million. */
export const ppmOf = (share: number | null) => (share === null ? null : Math.round(share * 1_000_000))
