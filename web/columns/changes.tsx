import type { Change } from '../data/answers.ts'
import { day, minute, numeral, successors } from '../parts/figures.ts'
import { KbLink } from '../parts/names.tsx'
import type { Column } from '../parts/table.tsx'

/** A change, under the machine that it is about. There are many rows: none has an element more than it needs. */
export const CHANGE_COLUMNS: readonly Column<Change>[] = [
  { title: 'Change', isDate: true, toneOf: ({ change }) => change, cell: ({ change }, isNarrow) => whatOf(change, isNarrow) },
  { title: 'KB', cell: (row) => <KbLink {...row} /> },
  {
    title: 'Reason',
    cell: ({ change, reason, replacedBy, stillExposed }, isNarrow) => {
      const exposed = change === 'resolved' && stillExposed === true ? ', still exposed' : ''
      return `${reason}${isNarrow ? '' : successors(replacedBy)}${exposed}`
    },
  },
  { title: 'Missing', isNumber: true, isExtra: true, cell: ({ daysMissing }) => `${numeral(daysMissing)} d` },
  { title: 'Snapshot', isDate: true, cell: ({ at }, isNarrow) => (isNarrow ? day(at) : minute(at)) },
]

/** The sign stands alone where there is no room for the word. */
function whatOf(change: string, isNarrow: boolean) {
  const sign = change === 'appeared' ? '+' : '−'
  return isNarrow ? <abbr title={change}>{sign}</abbr> : `${sign} ${change}`
}
