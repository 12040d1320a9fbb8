import { z } from 'zod'
import { latestObservation, type Machine, SHOWN_STATES } from '../../domain/index.ts'
import { count, instant, snapshotId } from './values.ts'

export const machineSchema = z
  .object({
    machineId: z.string(),
    computerDnsName: z.string().nullable(),
    osPlatform: z.string().nullable(),
    version: z.string().nullable(),
    rbacGroupName: z.string().nullable(),
    healthStatus: z.string().nullable(),
    lastSeen: instant.nullable(),
    missing: count.nullable().describe('KBs missing at its last observation; null for a machine never observed.'),
    oldestMissingAt: instant.optional().describe('The start of the snapshot that first saw the oldest of them.'),
    lastObservedSnapshotId: snapshotId.nullable().describe('null for a machine never observed.'),
    state: z
      .enum(SHOWN_STATES)
      .describe('How it ended in the snapshot that dealt with it last; silent: it was observed, and has not reported for over 30 days.'),
  })
  .describe('A machine as Defender listed it last.')

/** A machine as the API shows it. */
export function toMachine(row: Machine): z.infer<typeof machineSchema> {
  const { missing, oldestMissingAt, lastObservedSnapshotId, state } = latestObservation(row)
  return {
    machineId: row.machineId,
    computerDnsName: row.computerDnsName,
    osPlatform: row.osPlatform,
    version: row.version,
    rbacGroupName: row.rbacGroupName,
    healthStatus: row.healthStatus,
    lastSeen: row.lastSeen,
    missing,
    ...(oldestMissingAt !== null && { oldestMissingAt }),
    lastObservedSnapshotId,
    state,
  }
}
