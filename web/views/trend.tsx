import { AgeBars } from '../charts/age-bars.tsx'
import type { GroupsAnswer, Overview, Trend as TrendFigures } from '../data/figures.ts'
import { Download } from '../parts/download.tsx'
import { day } from '../parts/figures.ts'
import { Filters } from '../parts/filters.tsx'
import { GroupChoice } from '../parts/group-choice.tsx'
import { Select } from '../parts/select.tsx'
import { Shown } from '../parts/shown.tsx'
import { toView } from '../state/address.ts'
import { usePage } from '../state/page.ts'
import { type Answer, useAnswer } from '../state/use-answer.ts'

/** As the API takes a beginning; the first is what the overview brings along. */
const RANGES: Readonly<Record<string, string>> = { '-90d': '90 days', '-30d': '30 days', '-365d': '365 days', '1970-01-01': 'all' }
const STANDARD = '-90d'

interface Props {
  figures: Overview
  groups: Answer<GroupsAnswer>
}

/** Whether what is missing gets less and younger, of all machines or of a group. */
export function Trend({ figures: { trend, asOf }, groups }: Props) {
  const { address, choose, pathOf } = usePage()
  const from = address.params.get('from') ?? STANDARD
  const rbacGroup = address.params.get('rbacGroup') ?? undefined
  const ranges = from in RANGES ? RANGES : { [from]: `from ${from}`, ...RANGES }
  const isStandard = from === STANDARD && rbacGroup === undefined
  return (
    <section class="headed">
      <h2>Is it getting better?</h2>
      <Filters chosen={[ranges[from], rbacGroup === '' ? 'no group' : (rbacGroup ?? 'all groups')]}>
        <Select
          id="range"
          label="Time"
          value={from}
          options={ranges}
          onChoose={(value) => choose({ from: value === STANDARD ? undefined : value })}
        />
        <GroupChoice name="rbacGroup" label="Group" all="all groups" answer={groups} />
        <Download path={pathOf('trends', { from, rbacGroup, format: 'csv' })} name="trend.csv" />
      </Filters>
      {isStandard ? <Picture trend={trend} to={asOf.snapshotId} /> : <Asked from={from} rbacGroup={rbacGroup} to={asOf.snapshotId} />}
    </section>
  )
}

/** Another time, or a group: asked for by itself. */
function Asked({ from, rbacGroup, to }: { from: string; rbacGroup: string | undefined; to: string }) {
  const { pathOf } = usePage()
  const answer = useAnswer<'trends'>(pathOf('trends', { from, rbacGroup }), ['points', 'ageBuckets', 'grain'])
  return (
    <Shown answer={answer} height="short">
      {(trend) => (
        <>
          <Picture trend={trend} to={to} rbacGroup={rbacGroup} />
          {rbacGroup !== undefined && trend.since !== undefined && <p class="says">Groups are counted since {day(trend.since)}.</p>}
        </>
      )}
    </Shown>
  )
}

/** A bar leads to what changed since; the newest one to what changed in its own snapshot. */
function Picture({ trend, to, rbacGroup }: { trend: TrendFigures; to: string; rbacGroup?: string | undefined }) {
  const { address, go } = usePage()
  return (
    <AgeBars
      {...trend}
      onChoose={({ snapshotId }) => {
        const from = snapshotId === to ? undefined : snapshotId
        go(toView(address, 'changes', { from, to, rbacGroup }))
      }}
    />
  )
}
