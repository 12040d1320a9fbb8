import { Calls } from '../charts/calls.tsx'
import { Coverage } from '../charts/coverage.tsx'
import { SNAPSHOT_COLUMNS } from '../columns/snapshots.tsx'
import type { Snapshot } from '../data/answers.ts'
import { Next } from '../parts/next.tsx'
import { Shown } from '../parts/shown.tsx'
import { SyncButton } from '../parts/sync-button.tsx'
import { Table } from '../parts/table.tsx'
import { Title } from '../parts/title.tsx'
import { usePage } from '../state/page.ts'
import { useAnswer } from '../state/use-answer.ts'
import { Unknown } from './unknown.tsx'

/** Every snapshot: how much of the fleet it speaks of, and what it cost. */
export function Snapshots() {
  const { address, pathOf } = usePage()
  const cursor = address.params.get('cursor') ?? undefined
  const shown = address.params.get('snapshotId') ?? undefined
  const answer = useAnswer<'snapshots'>(pathOf('snapshots', { limit: '100', cursor }), ['snapshots'])
  return (
    <>
      <Title>Snapshots</Title>
      <SyncButton />
      {shown !== undefined && <Unknown snapshotId={shown} />}
      <Shown answer={answer} height="tall">
        {({ snapshots, nextLink }) => (
          <>
            {snapshots.length > 0 && <Pictures snapshots={[...snapshots].reverse()} />}
            <Table
              caption="Snapshots, the newest first"
              columns={SNAPSHOT_COLUMNS}
              rows={snapshots}
              keyOf={({ snapshotId }) => snapshotId}
              none="No snapshot was asked for yet."
            />
            <Next nextLink={nextLink} />
          </>
        )}
      </Shown>
    </>
  )
}

/** How much was observed, and what it cost, from the oldest on; a bar leads to the machines that are unknown. */
function Pictures({ snapshots }: { snapshots: readonly Snapshot[] }) {
  const { choose, status } = usePage()
  const onChoose = ({ snapshotId }: Snapshot) => choose({ snapshotId })
  return (
    <div class="columns">
      <section>
        <h2>Coverage and assessed</h2>
        <Coverage snapshots={snapshots} onChoose={onChoose} />
      </section>
      <section>
        <h2>Calls, of the quota</h2>
        <Calls snapshots={snapshots} perHour={status?.budget.hour.limit} onChoose={onChoose} />
      </section>
    </div>
  )
}
