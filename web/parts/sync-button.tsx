import { useState } from 'preact/hooks'
import type { Requested } from '../data/request-snapshot.ts'
import { usePage } from '../state/page.ts'
import { instantOf, minute, numeral } from './figures.ts'

/** Asks for a snapshot, and says what is left of the quota. Who may not has no button. */
export function SyncButton() {
  const { session, status, requestSnapshot } = usePage()
  const [requested, setRequested] = useState<Requested>()
  const budget = status?.budget
  return (
    <div class="filters">
      {session?.may?.sync !== false && (
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
      {requested && <p role="status">{wordsOf(requested)}</p>}
    </div>
  )
}

function wordsOf(requested: Requested): string {
  if (requested.kind === 'refused') return requested.detail
  const at = minute(instantOf(requested.snapshotId))
  return requested.kind === 'pending'
    ? `Asked for: the snapshot of ${at} begins with the next minute.`
    : `The snapshot of ${at} is under way already.`
}
