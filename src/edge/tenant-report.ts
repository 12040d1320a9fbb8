import {
  atOf,
  NOTHING_SET,
  type SnapshotStatus,
  snapshotStartAt,
  type TenantSettings,
  type TenantState,
  type Verification,
  verificationOf,
} from '../domain/index.ts'
import { openOneOfMany, type OpenTenant, openTenant } from '../open-tenant.ts'
import type { Services } from '../program.ts'
import { consentUrl, withAdvice } from './consent.ts'
import { nextStartOf, tenantHealth, type TenantStatus } from './tenant-health.ts'

/** How a tenant stands, as lists of tenants show it. */
export interface TenantReport {
  tenantId: string
  name: string
  enabled: boolean
  status: TenantStatus
  detail?: string
  source: string
  schedule: string
  lastEndedSnapshotId: string | null
  /** The newest that ended, as far as its end was kept. */
  lastSnapshot?: EndedSnapshot
  /** Shares and figures of it; null where nothing was counted. */
  assessed: number | null
  missing: { pairs: number | null; machines: number | null }
  stillExposedOver30Days: number | null
  /** Of an export that was checked. */
  export?: Verification
  /** null where none is to come. */
  nextStartAt: string | null
  /** Where an administrator of the tenant lets the app in; of an app that reads many. */
  consentUrl?: string
  /** What is set for the tenant itself. */
  settings: TenantSettings
}

interface EndedSnapshot {
  snapshotId: string
  startedAt: string
  finishedAt?: string
  status: SnapshotStatus
  coverage: number
}

/** A tenant to report on: its row, if there is one, and whether that can be read. */
export interface Reported {
  tenantId: string
  tenant: TenantState | undefined
  isDamaged?: boolean
}

/** How a tenant stands at an instant (ms). */
export function tenantReport(services: Services, { tenantId, tenant, isDamaged = false }: Reported, nowMs: number): TenantReport {
  const settings = tenant ?? NOTHING_SET
  const opened = services.kind === 'one' ? openTenant(services) : openOneOfMany(services, tenantId, settings)
  const startMs = nextStartOf(opened, tenant, nowMs)
  const consent = services.kind === 'one' ? undefined : consentUrl(opened.config.defender.authorityUrl, tenantId, services.clientId)
  return {
    tenantId,
    name: settings.name ?? tenantId,
    enabled: !settings.isDisabled,
    ...(isDamaged ? DAMAGED : statusOf(opened, tenant, nowMs, consent)),
    source: opened.config.source.kind,
    schedule: opened.config.sync.schedule.text,
    lastEndedSnapshotId: tenant?.lastEndedSnapshotId ?? null,
    ...figuresOf(tenant),
    nextStartAt: startMs === null ? null : wholeSecond(startMs),
    ...(consent !== undefined && { consentUrl: consent }),
    settings,
  }
}

/** Schedules have no parts of seconds. */
const wholeSecond = (timeMs: number) => atOf(timeMs).replace('.000Z', 'Z')

const DAMAGED = {
  status: 'blocked',
  detail: 'Its row in the table tenants has properties of a type that they cannot have; the log of the timer names them.',
} as const

function statusOf(
  opened: OpenTenant,
  tenant: TenantState | undefined,
  nowMs: number,
  consent: string | undefined,
): Pick<TenantReport, 'status' | 'detail'> {
  const { problems, isDisabled } = opened
  if (problems.length > 0 && !isDisabled) {
    const expected = problems.map((problem) => `${problem.setting} must be ${problem.expected}`).join('; ')
    return { status: 'blocked', detail: `It is not read, since what is set for it cannot be: ${expected}.` }
  }
  const health = tenantHealth(opened, tenant, nowMs)
  if (health.status !== 'blocked' || !tenant) return health
  const { blockedCode, blockedDetail, blockedAt, identityDetail, identitySince } = tenant
  const what = blockedCode === null ? `No token since ${identitySince ?? ''}` : `It refuses the app since ${blockedAt ?? ''}`
  const said = (blockedCode === null ? identityDetail : blockedDetail) ?? ''
  return { status: 'blocked', detail: `${what}: ${withAdvice(said, consent)}` }
}

function figuresOf(
  tenant: TenantState | undefined,
): Pick<TenantReport, 'lastSnapshot' | 'export' | 'assessed' | 'missing' | 'stillExposedOver30Days'> {
  const { assessedPpm = null, endedMissingPairs = null, endedMissingMachines = null, endedOver30 = null } = tenant ?? {}
  const lastSnapshot = tenant && endedSnapshot(tenant)
  const verification = verificationOf(tenant?.recentSamples ?? [])
  return {
    ...(lastSnapshot && { lastSnapshot }),
    ...(verification && { export: verification }),
    assessed: assessedPpm === null ? null : assessedPpm / 1_000_000,
    missing: { pairs: endedMissingPairs, machines: endedMissingMachines },
    stillExposedOver30Days: endedOver30,
  }
}

/** An older version left no more than its id. */
function endedSnapshot({ lastEndedSnapshotId, lastEndedAt, endedStatus, endedCoveragePpm }: TenantState): EndedSnapshot | undefined {
  if (lastEndedSnapshotId === null || endedStatus === null) return undefined
  return {
    snapshotId: lastEndedSnapshotId,
    startedAt: snapshotStartAt(lastEndedSnapshotId),
    ...(lastEndedAt !== null && { finishedAt: lastEndedAt }),
    status: endedStatus,
    coverage: (endedCoveragePpm ?? 0) / 1_000_000,
  }
}
