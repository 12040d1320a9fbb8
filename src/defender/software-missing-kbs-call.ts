import type { CallContext } from './call.ts'
import type { FaultResult } from './fault.ts'
import { type AnotherCall, readKbPages } from './kb-pages.ts'
import { mergeKbs, type MissingKb } from '../domain/index.ts'

/** KBs that any machine misses for a software; `machineMissedOn` says how many do. */
export type SoftwareKbsResult = { kind: 'counted'; kbs: MissingKb[] } | FaultResult

/** The KBs that a software's machines miss: https://learn.microsoft.com/defender-endpoint/api/get-missing-kbs-software */
export async function softwareMissingKbs(context: CallContext, softwareId: string, anotherCall: AnotherCall): Promise<SoftwareKbsResult> {
  const path = `/api/Software/${encodeURIComponent(softwareId)}/getmissingkbs`
  const read = await readKbPages(context, { operation: 'softwareMissingKbs', path, anotherCall })
  return read.kind === 'fault' ? read : { kind: 'counted', kbs: mergeKbs(read.rows) }
}
