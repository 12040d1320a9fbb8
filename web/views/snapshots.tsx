import { useState } from 'preact/hooks'
import type { Snapshot } from '../data/answers.ts'
import { minute, numeral, percent } from '../parts/figures.ts'
import { Link } from '../parts/link.tsx'
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
            <Strip snapshots={snapshots} />
            <Table
              caption="Snapshots, the newest first"
              columns={COLUMNS}
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

/** One cell a snapshot, the oldest left: how much was observed. */
function Strip({ snapshots }: { snapshots: Snapshot[] }) {
  const [chosen, setChosen] = useState<Snapshot>()
  const all = [...snapshots].reverse()
  const current = chosen ?? snapshots[0]
  return (
    <figure class="chart">
      <svg viewBox={`0 0 960 34`} role="img" aria-label={`Coverage of the last ${all.length} snapshots`} class="strip">
        {all.map((snapshot, index) => (
          <rect
            key={snapshot.snapshotId}
            class={toneOf(snapshot)}
            x={index * (960 / all.length) + 1}
            width={Math.max(1, 960 / all.length - 2)}
            y={2}
            height={30}
            onPointerEnter={() => setChosen(snapshot)}
          />
        ))}
      </svg>
      <figcaption>
        {current &&
          `${minute(current.startedAt)}: ${current.status}, ${numeral(current.machines.observed)} observed, ${numeral(current.machines.unknown)} unknown, coverage ${percent(current.coverage)}`}
      </figcaption>
    </figure>
  )
}

function toneOf({ status, coverage }: Snapshot): string {
  if (status === 'pending' || status === 'running') return 'running'
  if (status === 'failed') return 'failed'
  return coverage === 1 ? 'whole' : coverage >= 0.95 ? 'nearly' : 'partly'
}

/** The page after this one, by the cursor of the API's own link. */
export function Next({ nextLink }: { nextLink: string | undefined }) {
  const { choose } = usePage()
  if (nextLink === undefined) return null
  const cursor = new URL(nextLink).searchParams.get('cursor') ?? undefined
  return (
    <p>
      <button type="button" onClick={() => choose({ cursor })}>
        Next
      </button>
    </p>
  )
}

function Id({ snapshotId, startedAt, machines }: Snapshot) {
  const { hrefOf } = usePage()
  return machines.unknown === 0 ? <>{minute(startedAt)}</> : <Link href={hrefOf('snapshots', { snapshotId })}>{minute(startedAt)}</Link>
}

const COLUMNS = [
  { title: 'Started', isDate: true, cell: (snapshot: Snapshot) => <Id {...snapshot} /> },
  { title: 'Status', cell: ({ status, error }: Snapshot) => (error ? `${status}: ${error.detail}` : status) },
  { title: 'Observed', isNumber: true, cell: ({ machines }: Snapshot) => numeral(machines.observed) },
  { title: 'Unknown', isNumber: true, cell: ({ machines }: Snapshot) => numeral(machines.unknown) },
  { title: 'Coverage', isNumber: true, cell: ({ coverage }: Snapshot) => percent(coverage) },
  { title: 'Assessed', isNumber: true, cell: ({ assessed }: Snapshot) => (assessed === null ? '–' : percent(assessed)) },
  { title: 'Appeared', isNumber: true, cell: ({ changes }: Snapshot) => numeral(changes.appeared) },
  { title: 'Resolved', isNumber: true, cell: ({ changes }: Snapshot) => numeral(changes.resolved) },
  { title: 'Calls', isNumber: true, cell: ({ api }: Snapshot) => numeral(api.calls) },
  { title: 'Throttled', isNumber: true, cell: ({ api }: Snapshot) => numeral(api.throttled) },
]
