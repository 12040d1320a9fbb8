import type { TenantState } from '../../src/domain/index.ts'
import type { Ledger, Quota } from '../../src/defender/budget/index.ts'
import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import type { Terminal } from './terminal.ts'
import { barOf, durationOf, grouped, percent } from './text.ts'

export interface TenantView {
  snapshot: SnapshotShape
  tenant: Pick<TenantState, 'leaseOwner' | 'leaseUntil' | 'notBefore'>
  left: ReturnType<typeof callsLeft>
  /** Whether a slice of this process is under way. */
  isTicking: boolean
  /** Milliseconds since the epoch. */
  now: number
}

const barWidth = { least: 8, most: 24 }

/** How far a snapshot of a real tenant is, in one line: coverage, calls left, time left, and what it waits for. */
export function tenantLine(view: TenantView, terminal: Terminal): string {
  const { snapshot } = view
  const { listed, observed, unknown } = snapshot.machines
  const words = [
    `${percent(snapshot.coverage)} covered`,
    snapshot.etaSeconds === undefined
      ? `${grouped(listed)} machines listed`
      : `${grouped(observed)} machines${unknown > 0 ? `, ${grouped(unknown)} unknown` : ''}`,
    `calls left ${grouped(view.left.minute)}/min ${grouped(view.left.hour)}/h`,
    waitsFor(view),
  ].join(' · ')
  const width = Math.max(barWidth.least, Math.min(barWidth.most, terminal.columns - words.length - 5))
  const bar = barOf(snapshot.coverage, width)
  const line = `  ${bar.done}${bar.rest}  ${words}`
  if (line.length >= terminal.columns) return line.slice(0, terminal.columns - 1)
  return line.replace(bar.done, terminal.paint('green', bar.done)).replace(bar.rest, terminal.paint('dim', bar.rest))
}

function waitsFor({ snapshot, tenant, isTicking, now }: TenantView): string {
  if (Date.parse(tenant.notBefore ?? '') > now) return `paused by Defender until ${localTime(tenant.notBefore)}`
  if (!isTicking && tenant.leaseOwner !== null && Date.parse(tenant.leaseUntil ?? '') > now)
    return `goes on at ${localTime(tenant.leaseUntil)}`
  return snapshot.etaSeconds === undefined ? 'listing' : `${durationOf(snapshot.etaSeconds)} to go`
}

const localTime = (instant: string | null): string => new Date(instant ?? NaN).toLocaleTimeString('en-GB')

/** What a quota leaves at an instant (ms), by the ledger of calls: those that a slice has reserved count as made. */
export function callsLeft(ledger: Ledger, { perMinute, perHour }: Quota, now: number): { minute: number; hour: number } {
  const spentSince = (since: number): number => ledger.reduce((sum, { endMs, count }) => (endMs >= since ? sum + count : sum), 0)
  return { minute: Math.max(0, perMinute - spentSince(now - 60_000)), hour: Math.max(0, perHour - spentSince(now - 3_600_000)) }
}
