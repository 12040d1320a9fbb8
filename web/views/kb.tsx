import { OutcomeLegend, outcomesOf, OutcomeStack } from '../charts/outcome-stack.tsx'
import { KB_MACHINE_COLUMNS } from '../columns/machines.tsx'
import type { Kb as KbAttributes } from '../data/answers.ts'
import type { KbPoint } from '../data/figures.ts'
import { day, numeral } from '../parts/figures.ts'
import { Next } from '../parts/next.tsx'
import { Shown } from '../parts/shown.tsx'
import { Table } from '../parts/table.tsx'
import { Title } from '../parts/title.tsx'
import { usePage } from '../state/page.ts'
import { useAnswer } from '../state/use-answer.ts'

/** One KB: what became of it on every machine that ever missed it, and who misses it now. */
export function Kb() {
  const { address, pathOf } = usePage()
  const kbId = address.params.get('kbId') ?? ''
  const id = encodeURIComponent(kbId)
  const kb = useAnswer<'kb'>(pathOf(`kbs/${id}`), ['kbId', 'machinesMissing'])
  const trend = useAnswer<'kbTrend'>(pathOf(`kbs/${id}/trend`), ['points'])
  const machines = useAnswer<'kbMachines'>(
    pathOf(`kbs/${id}/machines`, { limit: '200', cursor: address.params.get('cursor') ?? undefined }),
    ['machines'],
  )
  return (
    <>
      <Title>{/^\d+$/.test(kbId) ? `KB${kbId}` : 'KB'}</Title>
      <Shown answer={kb} height="short">
        {(attributes) => <Attributes {...attributes} />}
      </Shown>
      <Shown answer={trend} height="short">
        {({ points }) => <Became points={points} />}
      </Shown>
      <Shown answer={machines} height="tall">
        {({ machines: rows, nextLink }) => (
          <>
            <Table
              caption="Machines that miss it now"
              columns={KB_MACHINE_COLUMNS}
              rows={rows}
              keyOf={({ machineId }) => machineId}
              none="No machine misses it."
            />
            <Next nextLink={nextLink} />
          </>
        )}
      </Shown>
    </>
  )
}

function Became({ points }: { points: KbPoint[] }) {
  const shown = points.map(({ snapshotId, at, cumulative }) => ({ key: snapshotId, label: day(at), ...outcomesOf(cumulative) }))
  return (
    <figure class="chart">
      <OutcomeLegend />
      <OutcomeStack title="What became of it" width={960} height={200} points={shown} />
    </figure>
  )
}

function Attributes({ kbId, kbName, productsNames, url, cveAddressed, machinesMissing, firstSeenAt }: KbAttributes) {
  return (
    <>
      <h2>
        <bdi>{kbName ?? `KB${kbId}`}</bdi>
      </h2>
      <p>
        <bdi>{productsNames.join(', ')}</bdi>
        {cveAddressed !== null && ` · ${numeral(cveAddressed)} CVEs`} · first seen {day(firstSeenAt)} · {numeral(machinesMissing)} machines
        miss it
        {url !== null && url.startsWith('https:') && (
          <>
            {' · '}
            <a href={url} rel="noreferrer">
              Microsoft's page
            </a>
          </>
        )}
      </p>
    </>
  )
}
