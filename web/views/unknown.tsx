import { UNKNOWN_COLUMNS } from '../columns/machines.tsx'
import { instantOf, minute } from '../parts/figures.ts'
import { Shown } from '../parts/shown.tsx'
import { Table } from '../parts/table.tsx'
import { usePage } from '../state/page.ts'
import { useAnswer } from '../state/use-answer.ts'

/** The machines that a snapshot could not observe, with the cause of each. */
export function Unknown({ snapshotId }: { snapshotId: string }) {
  const { pathOf } = usePage()
  const answer = useAnswer<'snapshotUnknown'>(pathOf(`snapshots/${encodeURIComponent(snapshotId)}/unknown`, { limit: '100' }), ['machines'])
  return (
    <section>
      <h2>Unknown on {minute(instantOf(snapshotId))}</h2>
      <Shown answer={answer} height="short">
        {({ machines, nextLink }) => (
          <>
            <Table
              caption="Machines without an observation"
              columns={UNKNOWN_COLUMNS}
              rows={machines}
              keyOf={({ machineId }) => machineId}
              none="Every machine was observed."
            />
            {nextLink !== undefined && <p>These are the first 100.</p>}
          </>
        )}
      </Shown>
    </section>
  )
}
