import type { Kb, TopKb } from '../data/answers.ts'
import { day, numeral } from '../parts/figures.ts'
import { KbLink } from '../parts/names.tsx'
import type { Column } from '../parts/table.tsx'

const KB: Column<Pick<Kb, 'kbId' | 'kbName'>> = { title: 'KB', cell: (kb) => <KbLink {...kb} /> }
const MACHINES: Column<Pick<Kb, 'machinesMissing'>> = {
  title: 'Machines',
  isNumber: true,
  cell: ({ machinesMissing }) => numeral(machinesMissing),
}

/** The KBs that most machines miss. */
export const TOP_KB_COLUMNS: readonly Column<TopKb>[] = [KB, MACHINES]

/** KBs as a list that one looks through. */
export const KB_COLUMNS: readonly Column<Kb>[] = [
  KB,
  { title: 'Products', isExtra: true, cell: ({ productsNames }) => <bdi>{productsNames.join(', ')}</bdi> },
  { title: 'CVEs', isNumber: true, isExtra: true, cell: ({ cveAddressed }) => (cveAddressed === null ? '–' : numeral(cveAddressed)) },
  { title: 'First seen', isDate: true, isExtra: true, cell: ({ firstSeenAt }) => day(firstSeenAt) },
  MACHINES,
]
