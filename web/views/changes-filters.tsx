import { monthBefore, patchMonthAt, patchTuesdayMs } from '../../src/domain/patch-tuesday.ts'
import type { Snapshot, SnapshotRef } from '../data/answers.ts'
import { day } from '../parts/figures.ts'
import { Filters } from '../parts/filters.tsx'
import { GroupChoice } from '../parts/group-choice.tsx'
import { Select } from '../parts/select.tsx'
import { TextField } from '../parts/text-field.tsx'
import { usePage } from '../state/page.ts'
import { useAnswer } from '../state/use-answer.ts'
import { useGroups } from '../state/use-groups.ts'
import { End } from './end.tsx'

/** What is chosen of the changes, as the API takes it. */
export const FILTERS = ['from', 'to', 'rbacGroup', 'osPlatform', 'q', 'kbId'] as const

const MODES = { events: 'every change', net: 'net: what differs between both ends' } as const
/** Stretches up to the newest snapshot, by their `from`; nothing is the snapshot before. */
const STRETCHES = { '': 'the last snapshot', '-7d': '7 days', '-30d': '30 days' } as const
const CHOSEN = 'chosen dates'
/** Patch Tuesdays that are offered. */
const TUESDAYS = 3
/** Among so many of the newest snapshots one can step; a date reaches the others. */
const STEPS = '200'

interface Props {
  /** Both ends, as soon as they are known. */
  ends: { from: SnapshotRef; to: SnapshotRef } | undefined
}

/** What is chosen of the changes; each field is in the address. */
export function ChangesFilters({ ends }: Props) {
  const { address, choose, pathOf } = usePage()
  const { asked: listed } = useAnswer<'snapshots'>(pathOf('snapshots', { limit: STEPS }), ['snapshots'])
  const snapshotIds = listed?.kind === 'ok' ? endedOf(listed.json.snapshots) : []
  const groups = useGroups('rbacGroup', 1)
  const platforms = useGroups('osPlatform', 1)
  const valueOf = (name: string) => address.params.get(name) ?? ''
  const set = (name: string) => (value: string) => choose({ [name]: value === '' ? undefined : value, cursor: undefined })
  const mode = valueOf('mode') === 'net' ? 'net' : 'events'
  const group = address.params.get('rbacGroup')
  const between = ends && `${day(ends.from.startedAt)} to ${day(ends.to.startedAt)}`
  return (
    <Filters chosen={[between, MODES[mode], group === '' ? 'no group' : (group ?? ''), ...['osPlatform', 'q', 'kbId'].map(valueOf)]}>
      <Stretch />
      <End name="from" label="From" ends={ends} snapshotIds={snapshotIds} />
      <End name="to" label="To" ends={ends} snapshotIds={snapshotIds} />
      <Select id="mode" label="Rows" value={mode} options={MODES} onChoose={set('mode')} />
      <GroupChoice name="rbacGroup" label="Group" all="all groups" answer={groups} />
      <GroupChoice name="osPlatform" label="Platform" all="all platforms" answer={platforms} />
      <TextField id="q" label="Machine begins with" value={valueOf('q')} onChoose={set('q')} />
      <TextField id="kbId" label="KB" value={valueOf('kbId')} onChoose={set('kbId')} />
    </Filters>
  )
}

const endedOf = (snapshots: readonly Snapshot[]) =>
  snapshots.filter(({ status }) => status !== 'pending' && status !== 'running').map(({ snapshotId }) => snapshotId)

/** How far back from the newest snapshot. */
function Stretch() {
  const { address, choose, status } = usePage()
  const newest = status?.asOf?.startedAt
  const options: Record<string, string> = { ...STRETCHES, ...(newest !== undefined && tuesdaysUpTo(newest)) }
  const from = address.params.get('from') ?? ''
  const isOffered = from in options && !address.params.has('to')
  return (
    <Select
      id="stretch"
      label="Stretch"
      value={isOffered ? from : CHOSEN}
      options={isOffered ? options : { ...options, [CHOSEN]: CHOSEN }}
      onChoose={(value) => {
        if (value !== CHOSEN) choose({ from: value === '' ? undefined : value, to: undefined, cursor: undefined })
      }}
    />
  )
}

/** The newest Patch Tuesdays, by the instant of their release: the snapshot that is meant is the last one before it. */
function tuesdaysUpTo(at: string): Record<string, string> {
  const months = [patchMonthAt(Date.parse(at))]
  while (months.length < TUESDAYS) months.push(monthBefore(months.at(-1) ?? ''))
  return Object.fromEntries(
    months.map((month) => {
      const released = new Date(patchTuesdayMs(month)).toISOString()
      return [released, `since the Patch Tuesday of ${day(released)}`]
    }),
  )
}
