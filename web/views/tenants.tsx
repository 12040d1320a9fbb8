import { TENANT_COLUMNS } from '../columns/tenants.tsx'
import type { Tenant } from '../data/tenants.ts'
import { numeral } from '../parts/figures.ts'
import { Shown } from '../parts/shown.tsx'
import { Table } from '../parts/table.tsx'
import { Title } from '../parts/title.tsx'
import { usePage } from '../state/page.ts'
import { useAnswer } from '../state/use-answer.ts'

/** More is slow to lay out, and hard to read. */
const MOST_ROWS = 200

/** How bad a state is; the worst come first. */
const WORST_FIRST = ['blocked', 'stale', 'starting', 'ok', 'disabled']

/** Every tenant that the app reads, the worst first. */
export function Tenants() {
  const { pathOf } = usePage()
  const answer = useAnswer<'tenants'>(pathOf('tenants', { limit: '1000' }), ['tenants'])
  return (
    <>
      <Title>Tenants</Title>
      <Shown answer={answer} height="tall">
        {({ tenants }) => (
          <>
            <Table
              caption="Tenants, the worst first"
              columns={TENANT_COLUMNS}
              rows={[...tenants].sort(worstFirst).slice(0, MOST_ROWS)}
              keyOf={({ tenantId }) => tenantId}
              none="No tenant is registered."
            />
            {tenants.length > MOST_ROWS && (
              <p>
                These are the worst {MOST_ROWS} of {numeral(tenants.length)}.
              </p>
            )}
          </>
        )}
      </Shown>
    </>
  )
}

function worstFirst(a: Tenant, b: Tenant): number {
  const rank = ({ status }: Tenant) => WORST_FIRST.indexOf(status)
  return rank(a) - rank(b) || (b.stillExposedOver30Days ?? 0) - (a.stillExposedOver30Days ?? 0)
}
