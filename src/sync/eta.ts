import { isEnded, type Snapshot } from '../domain/index.ts'
import { phaseOf } from './phases/index.ts'

/** Calls that the tenant's quota allows. */
export interface CallQuota {
  callsPerMinute: number
  callsPerHour: number
}

type Running = Pick<Snapshot, 'status' | 'phase' | 'wanted' | 'observed' | 'unknown' | 'calls'>

/**
 * Seconds until the machines that remain are asked, if every call succeeds: undefined while the listing is under way and when ended.
 * Calls burst up to the hour's quota at the minute's pace, then wait for the next hour; `waitSeconds` is what Defender asked for (429).
 */
export function etaSecondsOf(snapshot: Running, quota: CallQuota, waitSeconds: number): number | undefined {
  if (isEnded(snapshot) || snapshot.status === 'pending') return undefined
  const left = phaseOf(snapshot.phase)?.machinesLeft(snapshot)
  if (left === undefined) return undefined
  const seconds = secondsOfCalls(snapshot.calls + left, quota) - secondsOfCalls(snapshot.calls, quota)
  return Math.ceil(Math.max(0, waitSeconds) + seconds)
}

function secondsOfCalls(calls: number, { callsPerMinute, callsPerHour }: CallQuota): number {
  const hours = Math.floor(calls / callsPerHour)
  return hours * 3600 + Math.min(3600, ((calls % callsPerHour) / callsPerMinute) * 60)
}
