import type { SnapshotRef } from '../data/answers.ts'
import { DateField } from '../parts/date-field.tsx'
import { day } from '../parts/figures.ts'
import { usePage } from '../state/page.ts'

interface Props {
  name: 'from' | 'to'
  label: string
  ends: { from: SnapshotRef; to: SnapshotRef } | undefined
  /** The snapshots that one can step to, the newest first. */
  snapshotIds: readonly string[]
}

/** One end of a stretch: a date, and steps from snapshot to snapshot, which pin both ends to what they mean now. */
export function End({ name, label, ends, snapshotIds }: Props) {
  const { address, choose } = usePage()
  const at = ends === undefined ? -1 : snapshotIds.indexOf(ends[name].snapshotId)
  const stepTo = (place: number) => {
    const next = at === -1 ? undefined : snapshotIds[place]
    if (!ends || next === undefined) return undefined
    const pinned = { from: ends.from.snapshotId, to: ends.to.snapshotId, [name]: next }
    return pinned.from < pinned.to ? () => choose({ ...pinned, cursor: undefined }) : undefined
  }
  // What is relative in the address shows what it means.
  const meant = ends ? day(ends[name].startedAt) : ''
  return (
    <span class="end">
      <DateField
        id={name}
        label={label}
        value={dateOf(address.params.get(name) ?? '') ?? meant}
        onChoose={(value) => choose({ [name]: value === '' ? undefined : value, cursor: undefined })}
      />
      <Step label={`${label}: the snapshot before`} sign="◀" onStep={stepTo(at + 1)} />
      <Step label={`${label}: the snapshot after`} sign="▶" onStep={stepTo(at - 1)} />
    </span>
  )
}

/** It stays where it is at the last one, so that the focus does. */
function Step({ label, sign, onStep }: { label: string; sign: string; onStep: (() => void) | undefined }) {
  return (
    <button type="button" class="step" aria-label={label} title={label} aria-disabled={onStep === undefined} onClick={onStep}>
      {sign}
    </button>
  )
}

/** A date field shows dates only: the address may hold the id of a snapshot. */
const dateOf = (value: string) => /^\d{4}-\d{2}-\d{2}/.exec(value.replace(/^(\d{4})(\d{2})(\d{2})T/, '$1-$2-$3T'))?.[0]
