import { allTenants } from '../../edge/all-tenants.ts'
import type { TenantReport } from '../../edge/tenant-report.ts'
import type { Services } from '../../program.ts'
import { type KeySpan, LAST_KEY, type SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import { type RowOf, tenantsSet } from '../model.ts'
import type { AppSet } from './view.ts'

/** All tenants, by id: one section, since a storage page holds a thousand. */
export const tenants: AppSet = {
  isOfApp: true,
  set: tenantsSet,
  sortedBy: [['tenantId']],
  sections(services, _, tenantId) {
    const span = { from: { partition: '', row: '' }, to: { partition: '', row: LAST_KEY } }
    return Promise.resolve([{ span, pages: (rest: KeySpan) => pagesOf(services, rest, tenantId) }])
  },
  placeOf: ({ tenantId }) => ({ partition: '', row: String(tenantId), done: true }),
}

async function* pagesOf(services: Services, { from }: KeySpan, tenantId: string | undefined): AsyncGenerator<SpanPage<FeedRow>> {
  for await (const page of allTenants(services, services.outside.clock.now(), from.row)) {
    const last = page.at(-1)
    const asked = tenantId === undefined ? page : page.filter((report) => report.tenantId === tenantId)
    yield { rows: asked.map(toRow), scanned: page.length, end: last && { partition: '', row: last.tenantId, done: true } }
  }
}

function toRow(report: TenantReport): RowOf<typeof tenantsSet> {
  const { tenantId, name, enabled, status, detail = null, source, schedule, nextStartAt, lastSnapshot, assessed, missing } = report
  return {
    ...{ tenantId, name, enabled, status, detail, source, schedule, nextStartAt },
    lastSnapshotId: lastSnapshot?.snapshotId ?? null,
    lastSnapshotAt: lastSnapshot?.startedAt ?? null,
    lastSnapshotStatus: lastSnapshot?.status ?? null,
    coverage: lastSnapshot?.coverage ?? null,
    assessed,
    missingPairs: missing.pairs,
    missingMachines: missing.machines,
    stillExposedOver30Days: report.stillExposedOver30Days,
  }
}
