import { useState } from 'preact/hooks'
import type { Requested } from '../data/request-snapshot.ts'
import { usePage } from '../state/page.ts'
import { instantOf, minute, numeral } from './figures.ts'
import { Link } from './link.tsx'

/** Asks for a snapshot, and says what is left of the quota. Who may not has no button. */
export function SyncButton() {
  const { session, status, requestSnapshot } = usePage()
  const [requested, setRequested] = useState<Requested>()
  const budget = status?.budget
  return (
    <div class="filters">
      {session && session.may?.sync !== false && (
        <button type="button" onClick={() => void requestSnapshot().then(setRequested)}>
          Take a snapshot now
        </button>
      )}
      {budget && (
        <p>
          Calls: {numeral(budget.minute.used)} of {numeral(budget.minute.limit)} in this minute, {numeral(budget.hour.used)} of{' '}
          {numeral(budget.hour.limit)} in this hour
        </p>
      )}
      {status?.nextStartAt && <p>The schedule starts the next one at {minute(status.nextStartAt)}</p>}
      {requested && (
        <p role="status">
          <Words {...requested} />
        </p>
      )}
    </div>
  )
}

/** What became of the request, up to now. */
function Words(requested: Requested) {
  const { hrefOf, status } = usePage()
  if (requested.kind === 'refused') return <>{requested.detail}</>
  const { kind, snapshotId } = requested
  const at = minute(instantOf(snapshotId))
  const hasEnded = status?.asOf !== undefined && status.asOf.snapshotId >= snapshotId
  const isRunning = status?.running?.snapshotId === snapshotId && status.running.status === 'running'
  if (kind === 'pending' && !isRunning && !hasEnded) return <>Asked for: the snapshot of {at} begins with the next minute.</>
  return (
    <>
      <Link href={hrefOf('snapshots', { snapshotId })}>The snapshot of {at}</Link> {hasEnded ? 'has ended' : 'is under way already'}.
    </>
  )
}
