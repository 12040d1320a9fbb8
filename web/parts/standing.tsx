import { instantOf, minute, numeral } from './figures.ts'
import { usePage } from '../state/page.ts'

/** Under the header: what is in the way, and the snapshot that is under way. */
export function Standing() {
  const { status } = usePage()
  const running = status?.running
  const isBad = status !== undefined && status.status !== 'ok' && status.status !== 'starting'
  return (
    <section class="standing" aria-label="How things stand">
      {running && (
        <p role="status">
          Snapshot of {minute(instantOf(running.snapshotId))} {running.status}
          {running.progress !== undefined && `, ${Math.floor(running.progress * 100)} %`}
          {typeof running.etaSeconds === 'number' && `, about ${numeral(Math.ceil(running.etaSeconds / 60))} min to go`}
        </p>
      )}
      {isBad && (
        <p class="notice bad" role="alert">
          {status.status}: {status.detail ?? ''}
        </p>
      )}
    </section>
  )
}
