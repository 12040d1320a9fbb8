import { sumOf } from '../../src/domain/age.ts'
import type { Group, GroupCell, GroupsAnswer } from '../data/figures.ts'
import { monthName, numeral, percent } from '../parts/figures.ts'
import { Link } from '../parts/link.tsx'
import { GroupName } from '../parts/names.tsx'
import { usePage } from '../state/page.ts'

/** Measures of a cell, each by the machine: else the largest group would look worst. */
export const MEASURES = {
  over30: 'Over 30 days, per machine',
  pairs: 'Missing, per machine',
  installed: 'Installed, per machine',
} as const
export type Measure = keyof typeof MEASURES

/** Where there is no room, so many of the newest months are shown. */
const FEW_MONTHS = 2

interface Props extends GroupsAnswer {
  measure: Measure
  by: 'rbacGroup' | 'osPlatform'
  /** Rows at most. */
  most?: number
}

/** Groups by month: each cell a number on a shade of it. */
export function HeatMap({ groups, months: all, measure, by, most = Infinity }: Props) {
  if (groups.length === 0) return <p class="none">No snapshot has counted groups yet.</p>
  const shown = groups.slice(0, most)
  const months = knownOf(all, shown)
  const highest = Math.max(...shown.flatMap(({ cells }) => cells.map((cell) => valueOf(cell, measure) ?? 0)), 0.01)
  return (
    <div class="scroll" role="region" aria-label={MEASURES[measure]} tabIndex={0}>
      <table class={measure === 'installed' ? 'heat good' : 'heat'}>
        <caption>{MEASURES[measure]}, by group and month; now: machines, unknown, missing pairs</caption>
        <thead>
          <tr>
            <th scope="col">{by === 'osPlatform' ? 'Platform' : 'Group'}</th>
            <th scope="col" class="number extra">
              Machines
            </th>
            <th scope="col" class="number extra">
              Unknown
            </th>
            <th scope="col" class="number">
              Missing
            </th>
            {months.map((month, index) => (
              <th key={month} scope="col" class={cellClass(months.length - index)}>
                {monthName(month)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((group) => (
            <GroupRow key={group.key ?? ''} {...{ group, months, measure, by, highest }} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Months from the first on of which anything is known. */
function knownOf(months: readonly string[], groups: readonly Group[]): string[] {
  const known = groups.flatMap(({ cells }) => cells.map(({ month }) => month))
  return months.filter((month) => known.some((one) => one <= month))
}

/** Of a cell, by how many months it is from the end. */
const cellClass = (fromEnd: number) => (fromEnd > FEW_MONTHS ? 'number extra' : 'number')

interface RowProps extends Pick<Props, 'measure' | 'by'> {
  group: Group
  months: readonly string[]
  /** The value that has the darkest shade. */
  highest: number
}

function GroupRow({ group, months, measure, by, highest }: RowProps) {
  return (
    <tr>
      <th scope="row">
        <MachinesOf group={group} by={by} />
      </th>
      <td class="number extra">{numeral(group.asked)}</td>
      <td class="number extra">
        {numeral(group.unknown)} ({percent(group.coverage)})
      </td>
      <td class="number">{numeral(sumOf(group.pairs))}</td>
      {months.map((month, index) => {
        const cell = group.cells.find((one) => one.month === month)
        return <HeatCell key={month} value={valueOf(cell, measure)} highest={highest} class={cellClass(months.length - index)} />
      })}
    </tr>
  )
}

/** A group, which leads to its machines; for those without a platform nobody can ask. */
function MachinesOf({ group: { key }, by }: Pick<RowProps, 'group' | 'by'>) {
  const { hrefOf } = usePage()
  if (by === 'osPlatform' && key === null) return <em>no platform</em>
  return (
    <Link href={hrefOf('machines', { [by]: key ?? '' })}>
      <GroupName name={key} />
    </Link>
  )
}

/** Shades from 0 to 5, each with its number. */
function HeatCell({ value, highest, class: name }: { value: number | undefined; highest: number; class: string }) {
  if (value === undefined) return <td class={name}>–</td>
  return <td class={`${name} heat${Math.round((5 * value) / highest)}`}>{value.toFixed(1)}</td>
}

const valueOf = (cell: GroupCell | undefined, measure: Measure) => (cell && cell.machines > 0 ? cell[measure] / cell.machines : undefined)
