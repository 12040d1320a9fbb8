import { KB_COLUMNS } from '../columns/kbs.tsx'
import type { Kb } from '../data/answers.ts'
import { Download } from '../parts/download.tsx'
import { numeral } from '../parts/figures.ts'
import { Next } from '../parts/next.tsx'
import { Shown } from '../parts/shown.tsx'
import { Table } from '../parts/table.tsx'
import { Title } from '../parts/title.tsx'
import { usePage } from '../state/page.ts'
import { useAnswer } from '../state/use-answer.ts'

/** The API lists them by id: those that most machines miss are found among so many, which few fleets have. */
export const KBS_READ = '2000'
const MOST_ROWS = 200

/** Every KB that some machine misses, those that most miss first. */
export function Kbs() {
  const { address, pathOf } = usePage()
  const cursor = address.params.get('cursor') ?? undefined
  const answer = useAnswer<'kbs'>(pathOf('kbs', { limit: KBS_READ, cursor }), ['kbs'])
  return (
    <>
      <Title>KBs</Title>
      <div class="filters">
        <Download path={pathOf('kbs', { format: 'csv' })} name="kbs.csv" />
      </div>
      <Shown answer={answer} height="tall">
        {({ kbs, nextLink }) => (
          <>
            <Missing kbs={byMachines(kbs).filter(({ machinesMissing }) => machinesMissing > 0)} seen={kbs.length} />
            <Next nextLink={nextLink} />
          </>
        )}
      </Shown>
    </>
  )
}

function Missing({ kbs, seen }: { kbs: readonly Kb[]; seen: number }) {
  return (
    <>
      <p class="says">
        {numeral(kbs.length)} KBs are missing on some machine, of {numeral(seen)} that ever were; the file has all.
        {kbs.length > MOST_ROWS && ` These are the ${MOST_ROWS} that most machines miss.`}
      </p>
      <Table
        caption="KBs by machines that miss them"
        columns={KB_COLUMNS}
        rows={kbs.slice(0, MOST_ROWS)}
        keyOf={({ kbId }) => kbId}
        none="Nothing is missing."
      />
    </>
  )
}

/** Those that most machines miss first. */
export const byMachines = (kbs: readonly Kb[]): Kb[] => [...kbs].sort((a, b) => b.machinesMissing - a.machinesMissing)
