import type { Tenant } from '../data/tenants.ts'
import { minute, numeral, percent } from '../parts/figures.ts'
import { Link } from '../parts/link.tsx'
import type { Column } from '../parts/table.tsx'
import { usePage } from '../state/page.ts'

/** Tenants, and how each stands. */
export const TENANT_COLUMNS: readonly Column<Tenant>[] = [
  { title: 'Tenant', cell: (tenant) => <Name {...tenant} /> },
  { title: 'Status', cell: (tenant) => <Status {...tenant} /> },
  {
    title: 'Newest snapshot',
    isDate: true,
    isExtra: true,
    cell: ({ lastSnapshot }) => (lastSnapshot ? minute(lastSnapshot.startedAt) : '–'),
  },
  { title: 'Coverage', isNumber: true, isExtra: true, cell: ({ lastSnapshot }) => (lastSnapshot ? percent(lastSnapshot.coverage) : '–') },
  { title: 'Assessed', isNumber: true, isExtra: true, cell: ({ assessed }) => (assessed === null ? '–' : percent(assessed)) },
  { title: 'Missing', isNumber: true, cell: ({ missing }) => counted(missing.pairs) },
  { title: 'Over 30 days', isNumber: true, cell: ({ stillExposedOver30Days }) => counted(stillExposedOver30Days) },
]

/** Why it is so may take ten lines: where there is no room, the tenant's own page tells. */
function Status({ status, detail }: Tenant) {
  return (
    <>
      {status}
      {detail !== undefined && <p class="detail extra">{detail}</p>}
    </>
  )
}

function Name({ tenantId, name }: Tenant) {
  const { hrefOf } = usePage()
  return (
    <Link href={hrefOf('overview', { tenantId })}>
      <bdi>{name ?? tenantId}</bdi>
    </Link>
  )
}

const counted = (count: number | null | undefined) => (count === null || count === undefined ? '–' : numeral(count))
