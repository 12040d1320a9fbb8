import { allTenants } from '../../edge/all-tenants.ts'
import { dayOf, FIRST_SNAPSHOT_ID, resolvedOf, snapshotStartAt, totalOf } from '../../domain/index.ts'
import { readSeries, type SeriesPoint } from '../../history/trends/series.ts'
import type { Services } from '../../program.ts'
import { type KeySpan, LAST_KEY, type SpanPage, type TenantStore } from '../../store/index.ts'
import { possibleValuesOf, rangeOf } from '../filter/possible-values.ts'
import type { FeedRow } from '../filter/value.ts'
import { type RowOf, tenantDaysSet } from '../model.ts'
import type { Section } from '../read/section.ts'
import { standingsColumns } from './trend-columns.ts'
import type { AppSet } from './view.ts'

/** Days of tenants, by tenant, oldest first: one section a tenant, up to the newest snapshot that it has ended. */
export const tenantDays: AppSet = {
  isOfApp: true,
  set: tenantDaysSet,
  sortedBy: [['tenantId', 'day']],
  async sections(services, { filter, from }, asked) {
    const ids = rangeOf(possibleValuesOf(filter, 'tenantId'))
    const days = rangeOf(possibleValuesOf(filter, 'day'))
    if (!ids || !days) return []
    const least = [ids.from ?? '', from?.partition ?? ''].toSorted().at(-1) ?? ''
    const tenants = await tenantsFrom(services, least, ids.to ?? LAST_KEY)
    return tenants.filter(({ tenantId }) => asked === undefined || tenantId === asked).map((tenant) => sectionOf(services, tenant, days))
  },
  placeOf: ({ tenantId, day }) => ({ partition: String(tenantId), row: String(day), done: true }),
}

interface Ended {
  tenantId: string
  lastEndedSnapshotId: string
}

/** Tenants that have ended a snapshot, from an id to another, both inclusive. */
async function tenantsFrom(services: Services, from: string, to: string): Promise<Ended[]> {
  const found: Ended[] = []
  for await (const page of allTenants(services, services.outside.clock.now())) {
    for (const { tenantId, lastEndedSnapshotId } of page) {
      if (tenantId >= from && tenantId <= to && lastEndedSnapshotId !== null) found.push({ tenantId, lastEndedSnapshotId })
    }
  }
  return found
}

function sectionOf(services: Services, tenant: Ended, days: { from?: string; to?: string }): Section {
  const { tenantId: partition } = tenant
  const span = { from: { partition, row: '' }, to: { partition, row: LAST_KEY } }
  return { span, pages: (rest: KeySpan) => pagesOf(services, tenant, days, rest) }
}

async function* pagesOf(
  { store }: Services,
  { tenantId, lastEndedSnapshotId }: Ended,
  days: { from?: string; to?: string },
  { from }: KeySpan,
): AsyncGenerator<SpanPage<FeedRow>> {
  const first = [days.from ?? '', from.row].toSorted().at(-1) ?? ''
  const stretch = { from: /^\d{8}$/.test(first) ? `${first}T000000Z` : FIRST_SNAPSHOT_ID, to: lastEndedSnapshotId }
  const { points } = await readSeries(store.of(tenantId), stretch, 'day')
  const stood = await Promise.all(points.map((point) => withoutFailed(store.of(tenantId), point)))
  const rows = stood.map((point) => toDay(tenantId, point)).filter(({ day }) => (from.done ? day > from.row : day >= from.row))
  const last = rows.at(-1)
  yield { rows, scanned: points.length, end: last && { partition: tenantId, row: last.day, done: true } }
}

/** A day whose last snapshot failed stood as an earlier one of that day says, if there is one; what came to pass is that of all. */
async function withoutFailed({ trends }: Pick<TenantStore, 'trends'>, point: SeriesPoint): Promise<SeriesPoint> {
  if (point.status !== 'failed') return point
  const earlier = await trends.points({ from: `${dayOf(point.snapshotId)}T000000Z`, to: point.snapshotId })
  const stood = earlier.findLast(({ status }) => status !== 'failed')
  return stood ? { ...stood, appeared: point.appeared, ended: point.ended } : point
}

function toDay(tenantId: string, point: SeriesPoint): RowOf<typeof tenantDaysSet> {
  const { snapshotId, status = 'completed' } = point
  const { coverage, assessed, ...stood } = standingsColumns(point, status)
  const { pairs, pairs0To7, pairs8To30, pairs31To60, pairs61To90, pairsOver90 } = status === 'failed' ? NOTHING_KNOWN : stood
  return {
    ...{ tenantId, day: dayOf(snapshotId), at: snapshotStartAt(snapshotId), status, coverage },
    assessed: status === 'failed' ? null : assessed,
    ...{ pairs, pairs0To7, pairs8To30, pairs31To60, pairs61To90, pairsOver90 },
    installed: resolvedOf(point).installed,
    stillExposed: totalOf(point.ended.superseded),
  }
}

/** A snapshot that failed has counted what it came to: a tenant that refuses must not look clean. */
const NOTHING_KNOWN = { pairs: null, pairs0To7: null, pairs8To30: null, pairs31To60: null, pairs61To90: null, pairsOver90: null }
