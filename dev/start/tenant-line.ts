import type { TenantState } from '../../src/domain/index.ts'
import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import { barOf } from './bar.ts'
import type { CallsLeft } from './calls-left.ts'
import { durationOf, grouped, percent } from './numbers.ts'
import type { Terminal } from './terminal.ts'

export interface TenantView {
  snapshot: SnapshotShape
  tenant: Pick<TenantState, 'leaseOwner' | 'leaseUntil' | 'notBefore'>
  left: CallsLeft
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
