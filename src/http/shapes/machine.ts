import { z } from 'zod'
import { isSnapshotId, type MachineRow, snapshotStartText } from '../../store/index.ts'
import { count, instant, snapshotId } from './values.ts'

export const MACHINE_STATES = ['observed', 'unknown', 'skipped', 'removed'] as const

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
    state: z.enum(MACHINE_STATES).describe('How it ended in the snapshot that dealt with it last.'),
  })
  .describe('A machine as Defender listed it last.')

/** A machine as the API shows it. No observation is not an empty one: what was never asked is null, not 0. */
export function toMachine(row: MachineRow): z.infer<typeof machineSchema> {
  const isObserved = row.lastObservedSnapshotId !== ''
  return {
    machineId: row.machineId,
    computerDnsName: row.computerDnsName,
    osPlatform: row.osPlatform,
    version: row.version,
    rbacGroupName: row.rbacGroupName,
    healthStatus: row.healthStatus,
    lastSeen: row.lastSeen,
    missing: isObserved ? row.missing : null,
    ...(row.oldestMissingAt !== null && { oldestMissingAt: instantText(row.oldestMissingAt) }),
    lastObservedSnapshotId: isObserved ? row.lastObservedSnapshotId : null,
    state: row.state === '' ? 'unknown' : row.state,
  }
}

const instantText = (text: string) => (isSnapshotId(text) ? snapshotStartText(text) : text)
