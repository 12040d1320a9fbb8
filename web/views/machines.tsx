import { MACHINE_COLUMNS, SORTED_MACHINE_COLUMNS } from '../columns/machines.tsx'
import type { MachinesAnswer } from '../data/answers.ts'
import { Download } from '../parts/download.tsx'
import { Filters } from '../parts/filters.tsx'
import { GroupChoice } from '../parts/group-choice.tsx'
import { Next } from '../parts/next.tsx'
import { Select } from '../parts/select.tsx'
import { Shown } from '../parts/shown.tsx'
import { Table } from '../parts/table.tsx'
import { TextField } from '../parts/text-field.tsx'
import { Title } from '../parts/title.tsx'
import { usePage } from '../state/page.ts'
import { useAnswer } from '../state/use-answer.ts'
import { useGroups } from '../state/use-groups.ts'

/** A page of rows: more is slow to lay out, and hard to read. */
const ROWS = '200'
const ORDERS: Readonly<Record<string, string>> = {
  '': 'by id, all',
  oldest: 'exposed longest',
  missing: 'missing most',
  unknownSince: 'unknown longest',
}
const STATES: Readonly<Record<string, string>> = {
  '': 'all states',
  ...Object.fromEntries(['observed', 'silent', 'unknown', 'skipped', 'removed'].map((state) => [state, state])),
}
const CHOSEN = ['sort', 'rbacGroup', 'osPlatform', 'state', 'q'] as const

/** The rows behind the figures about machines. */
export function Machines() {
  const { address, pathOf } = usePage()
  const chosen = Object.fromEntries(CHOSEN.map((name) => [name, address.params.get(name) ?? undefined]))
  const cursor = address.params.get('cursor') ?? undefined
  const answer = useAnswer<'machines'>(pathOf('machines', { ...chosen, limit: ROWS, cursor }), ['machines'])
  return (
    <>
      <Title>Machines</Title>
      <Choices />
      <Shown answer={answer} height="tall">
        {(machines) => <Rows {...machines} isSorted={chosen['sort'] !== undefined} />}
      </Shown>
      <div class="filters">
        <Download path={pathOf('machines', { ...chosen, format: 'csv' })} name="machines.csv" />
      </div>
    </>
  )
}

function Choices() {
  const { address, choose } = usePage()
  const groups = useGroups('rbacGroup', 1)
  const platforms = useGroups('osPlatform', 1)
  const valueOf = (name: string) => address.params.get(name) ?? ''
  const set = (name: string) => (value: string) => choose({ [name]: value === '' ? undefined : value, cursor: undefined })
  const group = address.params.get('rbacGroup') ?? undefined
  return (
    <Filters
      chosen={[ORDERS[valueOf('sort')], STATES[valueOf('state')], group === '' ? 'no group' : group, valueOf('osPlatform'), valueOf('q')]}
    >
      <Select id="sort" label="Order" value={valueOf('sort')} options={ORDERS} onChoose={set('sort')} />
      <Select id="state" label="State" value={valueOf('state')} options={STATES} onChoose={set('state')} />
      <GroupChoice name="rbacGroup" label="Group" all="all groups" answer={groups} />
      <GroupChoice name="osPlatform" label="Platform" all="all platforms" answer={platforms} />
      <TextField id="q" label="Machine begins with" value={valueOf('q')} onChoose={set('q')} />
    </Filters>
  )
}

function Rows({ machines, complete, nextLink, isSorted }: MachinesAnswer & { isSorted: boolean }) {
  return (
    <>
      <Table
        caption={isSorted ? 'Machines, the worst first' : 'Machines'}
        columns={isSorted ? SORTED_MACHINE_COLUMNS : MACHINE_COLUMNS}
        rows={machines}
        keyOf={({ machineId }) => machineId}
        none="No machine is so."
        isDense
      />
      {complete === false && <p>In an order, the app keeps the first 100 of all machines; filters take a part of those.</p>}
      <Next nextLink={nextLink} />
    </>
  )
}
