import { idOf } from '../../../dev/oracle/look.ts'
import type { ServedFleet } from './served-fleet.ts'

/** Ids of all snapshots of a fleet, as the API tells them: the newest first. */
export async function snapshotIdsOf({ served }: ServedFleet): Promise<string[]> {
  const { json } = await served.call('/api/snapshots')
  return (json['snapshots'] as { snapshotId: string }[]).map(({ snapshotId }) => snapshotId)
}

/** Whether the snapshot that was begun at an instant (ms) has ended. */
export async function hasEnded({ served }: ServedFleet, at: number): Promise<boolean> {
  const { json } = await served.call(`/api/snapshots/${idOf(at)}`)
  return json['status'] === 'completed' || json['status'] === 'incomplete'
}

/** Machines that Defender told of in a snapshot, and those that it was asked about. */
export function askedSoFar({ simulator }: ServedFleet, at: number): { answered: number; tried: number } {
  const asks = simulator.requests.entries.filter((request) => request.at === at && request.route === 'missingKbs')
  const machinesOf = (some: typeof asks) => new Set(some.map(({ machineId }) => machineId)).size
  return { answered: machinesOf(asks.filter(({ status }) => status === 200)), tried: machinesOf(asks) }
}
