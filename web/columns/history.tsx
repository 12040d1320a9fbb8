import type { Gap, Interval } from '../data/answers.ts'
import { day, days, successors } from '../parts/figures.ts'
import { KbLink } from '../parts/names.tsx'
import type { Column } from '../parts/table.tsx'

/** What a machine missed, stretch by stretch. */
export const INTERVAL_COLUMNS: readonly Column<Interval>[] = [
  { title: 'KB', cell: (interval) => <KbLink {...interval} /> },
  {
    title: 'Appeared',
    isDate: true,
    cell: ({ firstMissingAt, appearedReason }, isNarrow) => `${day(firstMissingAt)}${isNarrow ? '' : `, ${appearedReason}`}`,
  },
  {
    title: 'Resolved',
    cell: ({ resolvedAt, resolvedReason, replacedBy }, isNarrow) =>
      resolvedAt === undefined ? 'still missing' : `${day(resolvedAt)}, ${resolvedReason ?? ''}${isNarrow ? '' : successors(replacedBy)}`,
  },
  { title: 'Missing', isNumber: true, isExtra: true, cell: ({ daysMissing }) => days(daysMissing) },
  { title: 'Exposed', isNumber: true, cell: ({ daysExposed, exposedAtLeast }) => days(daysExposed, exposedAtLeast) },
]

/** When a machine was not assessed. */
export const GAP_COLUMNS: readonly Column<Gap>[] = [
  { title: 'From', isDate: true, cell: ({ from }) => day(from) },
  { title: 'To', isDate: true, cell: ({ to }) => (to === undefined ? 'now' : day(to)) },
  { title: 'Cause', cell: ({ kind, code }) => [kind, code].filter((part) => part !== null).join(' ') },
]
