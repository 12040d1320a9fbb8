import type { Group, GroupCell } from '../data/figures.ts'
import { numeral, percent } from '../parts/figures.ts'
import { GroupName } from '../parts/names.tsx'
import { Select } from '../parts/select.tsx'
import { Shown } from '../parts/shown.tsx'
import { Title } from '../parts/title.tsx'
import { usePage } from '../state/page.ts'
import { useAnswer } from '../state/use-answer.ts'
import { monthName } from './cohorts.tsx'

/** Measures of a cell, each by the machine: else the largest group would look worst. */
const MEASURES = { over30: 'Over 30 days, per machine', pairs: 'Missing, per machine', installed: 'Installed, per machine' } as const
type Measure = keyof typeof MEASURES
const GROUPINGS = { rbacGroup: 'Device group', osPlatform: 'Platform' } as const

/** Which groups stand worst, and since when. */
export function Groups() {
  const { address, choose, pathOf } = usePage()
  const by = address.params.get('by') === 'osPlatform' ? 'osPlatform' : 'rbacGroup'
  const named = address.params.get('measure')
  const measure: Measure = named === 'pairs' || named === 'installed' ? named : 'over30'
  const answer = useAnswer<'groups'>(pathOf('groups', { by }), ['groups', 'months'])
  return (
    <>
      <Title>Groups</Title>
      <div class="filters">
        <Select id="by" label="By" value={by} options={GROUPINGS} onChoose={(value) => choose({ by: value })} />
        <Select id="measure" label="Measure" value={measure} options={MEASURES} onChoose={(value) => choose({ measure: value })} />
      </div>
      <Shown answer={answer} height="tall">
        {({ groups, months }) => <HeatMap groups={groups} months={knownOf(months, groups)} measure={measure} />}
      </Shown>
    </>
  )
}

/** Months from the first on of which anything is known. */
function knownOf(months: readonly string[], groups: readonly Group[]): string[] {
  const known = groups.flatMap(({ cells }) => cells.map(({ month }) => month))
  return months.filter((month) => known.some((one) => one <= month))
}

interface HeatMapProps {
  groups: Group[]
  months: string[]
  measure: Measure
}

function HeatMap({ groups, months, measure }: HeatMapProps) {
  if (groups.length === 0) return <p class="none">No snapshot has counted groups yet.</p>
  const most = Math.max(...groups.flatMap(({ cells }) => cells.map((cell) => valueOf(cell, measure) ?? 0)), 0.01)
  return (
    <div class="scroll" role="region" aria-label={MEASURES[measure]} tabIndex={0}>
      <table class={measure === 'installed' ? 'heat good' : 'heat'}>
        <caption>{MEASURES[measure]}, by group and month; now: machines, unknown, missing pairs</caption>
        <thead>
          <tr>
            <th scope="col">Group</th>
            {['Machines', 'Unknown', 'Missing', ...months.map(monthName)].map((title) => (
              <th key={title} scope="col" class="number">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <GroupRow key={group.key ?? ''} group={group} months={months} measure={measure} most={most} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function GroupRow({ group, months, measure, most }: { group: Group; months: string[]; measure: Measure; most: number }) {
  return (
    <tr>
      <th scope="row">
        <GroupName name={group.key} />
      </th>
      <td class="number">{numeral(group.asked)}</td>
      <td class="number">
        {numeral(group.unknown)} ({percent(group.coverage)})
      </td>
      <td class="number">{numeral(group.pairs.reduce((sum, count) => sum + count, 0))}</td>
      {months.map((month) => (
        <HeatCell
          key={month}
          value={valueOf(
            group.cells.find((cell) => cell.month === month),
            measure,
          )}
          most={most}
        />
      ))}
    </tr>
  )
}

/** Shades from 0 to 5, each with its number. */
function HeatCell({ value, most }: { value: number | undefined; most: number }) {
  if (value === undefined) return <td class="number">–</td>
  return <td class={`number heat${Math.round((5 * value) / most)}`}>{value.toFixed(1)}</td>
}

const valueOf = (cell: GroupCell | undefined, measure: Measure) => (cell && cell.machines > 0 ? cell[measure] / cell.machines : undefined)
