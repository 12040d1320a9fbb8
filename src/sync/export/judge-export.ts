import type { Fault } from '../../defender/index.ts'
import { HOUR_MS } from '../../domain/index.ts'

/** An export is made every six hours: one that is twice as old is not looked after. https://learn.microsoft.com/defender-endpoint/api/get-assessment-software-vulnerabilities */
const OLDEST_HOURS = 12

/** Why a snapshot cannot go by an export of that time; undefined where it can. `lastExportAt`: that of the one read last. */
export function refusedExport(generatedAt: string, lastExportAt: string | null, nowMs: number): Fault | undefined {
  const ageHours = (nowMs - Date.parse(generatedAt)) / HOUR_MS
  if (ageHours > OLDEST_HOURS) {
    const detail = `the export was made at ${generatedAt}, ${Math.floor(ageHours)} hours ago: Defender makes one every 6 hours, and after ${OLDEST_HOURS} it says nothing of now`
    return { kind: 'transient', code: 'exportStale', detail }
  }
  if (lastExportAt === null || Date.parse(generatedAt) > Date.parse(lastExportAt)) return undefined
  const detail = `the export was made at ${generatedAt}, and the one that was read last at ${lastExportAt}: there is nothing new`
  return { kind: 'transient', code: 'exportNotNewer', detail }
}
