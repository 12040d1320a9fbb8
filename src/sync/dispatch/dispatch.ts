import { atOf, isFarAhead, NOTHING_SET, type TenantPatch, type TenantSettings, type TenantState } from '../../domain/index.ts'
import type { ManyTenantsServices } from '../../program.ts'
import type { TenantMark, TenantOfAll } from '../../store/index.ts'
import { choose, type Waiting } from './choose.ts'
import { DISPATCH_POLICY } from './policy.ts'
import type { SliceMessage } from './slice-message.ts'
import { type Dispatchable, mayBeSent, waitOf } from './waiting.ts'

/** What a tick reads of a tenant's row. */
type Looked = Dispatchable & TenantSettings & Pick<TenantState, 'lastSnapshotId'>
const LOOKED = [
  ...(Object.keys(NOTHING_SET) as (keyof TenantSettings)[]),
  ...(['leaseOwner', 'leaseUntil', 'sliceOpen', 'activeSnapshotId', 'scheduledThrough', 'notBefore', 'lastSnapshotId'] as const),
  ...([
    'waitsForBudget',
    'missingKbsBudget',
    'machinesBudget',
    'exportsBudget',
    'trendsDerived',
    'lastEndedSnapshotId',
    'trendsRetryAt',
    'sampleSnapshotId',
    'sampleRetryAt',
  ] as const),
  ...(['deletingSince', 'dispatchedAt', 'dispatches', 'lastSliceAt', 'blockedAt'] as const),
] as const satisfies readonly (keyof Looked)[]

/** A tenant that waits, as its row was read. */
interface WaitingTenant extends Waiting {
  etag: string
  dispatches: number
}

/** What a tick finds out by one look at all tenants. */
interface Survey {
  waiting: WaitingTenant[]
  /** Tenants whose schedule a wrong clock put out of reach. */
  repairs: TenantMark[]
  slicesEnded: number
  isAppBlocked: boolean
  /** Any tenant is due, or under way, and so wants a token now or soon. */
  isAnyAsking: boolean
  tenants: number
  /** Tenants whose rows, or settings, cannot be read. */
  unreadable: string[]
}

/**
 * One tick of the timer, of an app that reads many tenants: finds out by one look who is due, free and has calls left, marks them as sent a
 * message, and returns the messages. A kill in between costs the tenants that were marked two minutes. A tenant whose row was written
 * meanwhile goes without: whoever wrote it has it, or the next tick does.
 */
export async function dispatch({ store, readSettings, outside }: ManyTenantsServices): Promise<SliceMessage[]> {
  const nowMs = outside.clock.now()
  const survey = await surveyOf({ store, readSettings }, nowMs)
  await store.tenants.patchApp({ lastTickAt: atOf(nowMs), ...forgottenOf(survey) })
  const chosen = choose(survey.waiting, survey)
  const marked = await store.tenants.mark([...chosen.map((tenant) => markOf(tenant, nowMs)), ...survey.repairs])
  const sent = chosen.filter(({ tenantId }) => marked.has(tenantId))
  const { tenants, waiting, slicesEnded, isAppBlocked, unreadable } = survey
  const [first] = unreadable
  if (first !== undefined) outside.log.warn('tick.unreadable', { tenants: unreadable.length, first })
  if (waiting.length > 0)
    outside.log.info('tick.dispatched', {
      tenants,
      waiting: waiting.length,
      sent: sent.length,
      again: againOf(sent),
      slicesEnded,
      isAppBlocked,
    })
  return sent.map(({ tenantId, asksDefender }) => ({ tenantId, at: atOf(nowMs), ...(isAppBlocked && asksDefender && { probe: true }) }))
}

/** With nobody to try whether the app's identity gives tokens again, nothing is known of it: the next that needs one finds out. */
const forgottenOf = ({ isAppBlocked, isAnyAsking }: Survey) =>
  isAppBlocked && !isAnyAsking ? { identitySince: null, identityDetail: null } : {}

const againOf = (sent: readonly WaitingTenant[]) => sent.filter(({ dispatches }) => dispatches > 0).length

const markOf = ({ tenantId, etag, dispatches }: WaitingTenant, nowMs: number): TenantMark => ({
  tenantId,
  etag,
  patch: { dispatchedAt: atOf(nowMs), dispatches: dispatches + 1 },
})

async function surveyOf({ store, readSettings }: Pick<ManyTenantsServices, 'store' | 'readSettings'>, nowMs: number): Promise<Survey> {
  const survey: Survey = { waiting: [], repairs: [], slicesEnded: 0, isAppBlocked: false, isAnyAsking: false, tenants: 0, unreadable: [] }
  for await (const { tenants, app } of store.tenants.pages(LOOKED)) {
    for (const found of tenants) look(found, survey, readSettings, nowMs)
    if (app) survey.isAppBlocked = app.identitySince !== null
  }
  return survey
}

function look(
  found: TenantOfAll<(typeof LOOKED)[number]>,
  survey: Survey,
  readSettings: ManyTenantsServices['readSettings'],
  nowMs: number,
): void {
  survey.tenants += 1
  if (found.kind === 'damaged') return void survey.unreadable.push(found.tenantId)
  const { tenantId, etag, tenant } = found
  if (hasJustEnded(tenant, nowMs)) survey.slicesEnded += 1
  const repair = repairOf(tenant, nowMs)
  if (repair) return void survey.repairs.push({ tenantId, etag, patch: repair })
  const { config, problems } = readSettings(tenant)
  // What goes is not read, whatever its settings were.
  if (problems.length > 0 && tenant.deletingSince === null) return void survey.unreadable.push(tenantId)
  const wait = waitOf(tenant, config, nowMs)
  if (wait?.asksDefender || (!tenant.isDisabled && tenant.activeSnapshotId !== null)) survey.isAnyAsking = true
  if (wait && mayBeSent(tenant, nowMs)) survey.waiting.push({ ...wait, tenantId, etag, dispatches: tenant.dispatches })
}

function hasJustEnded({ lastSliceAt }: Looked, nowMs: number): boolean {
  const agoMs = nowMs - Date.parse(lastSliceAt ?? '')
  return agoMs >= 0 && agoMs <= DISPATCH_POLICY.slicesOfMs
}

/** A tenant without an instant from which its schedule counts, or with one that a clock wrote that was ahead: from now. */
function repairOf({ scheduledThrough }: Looked, nowMs: number): TenantPatch | undefined {
  return scheduledThrough === null || isFarAhead(scheduledThrough, nowMs) ? { scheduledThrough: atOf(nowMs) } : undefined
}
