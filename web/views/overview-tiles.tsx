import { over30, sumOf } from '../../src/domain/age.ts'
import type { Overview as Figures } from '../data/figures.ts'
import { day, days, hours, minute, numeral, percent, signed } from '../parts/figures.ts'
import { Link } from '../parts/link.tsx'
import { GroupName, MachineLink } from '../parts/names.tsx'
import { Tile } from '../parts/tile.tsx'
import { usePage } from '../state/page.ts'

/** Five answers: can I trust this, is it getting better, what changed, what first, are we fast enough. */
export function Five(figures: Figures) {
  return (
    <div class="tiles">
      <Trust {...figures} />
      <Missing {...figures} />
      <Changed {...figures} />
      <ToFix {...figures} />
      <Fast {...figures} />
    </div>
  )
}

function Trust({ asOf, ageHours, status, detail, unknown, trend }: Figures) {
  const { hrefOf } = usePage()
  const now = trend.points.at(-1)
  return (
    <Tile title="Newest snapshot" figure={minute(asOf.startedAt)} href={hrefOf('snapshots')} tone={status === 'ok' ? undefined : 'bad'}>
      <p>
        {hours(ageHours)} ago, {asOf.status}. {status === 'ok' ? '' : `${status}: ${detail ?? ''}`}
      </p>
      <p>
        Coverage {percent(asOf.coverage)}
        {now && `: ${numeral(now.observed)} of ${numeral(now.asked)} machines`}, {numeral(unknown.count)} unknown
        {now && now.assessed !== null && `; ${percent(now.assessed)} assessed`}
      </p>
    </Tile>
  )
}

function Missing({ totals, delta, comparedWith }: Figures) {
  const { hrefOf } = usePage()
  const old = totals.ages && over30(totals.ages)
  return (
    <Tile title="Missing pairs" figure={numeral(totals.pairs)} href={hrefOf('groups', { measure: 'pairs' })}>
      <p>
        {delta && comparedWith ? `${signed(delta.pairs)} on ${day(comparedWith.startedAt)}` : 'nothing to compare with'};{' '}
        {numeral(totals.machines)} machines, {numeral(totals.kbs)} KBs
      </p>
      {old !== null && (
        <p>
          <Link href={hrefOf('groups', { measure: 'over30' })}>{numeral(old)} over 30 days</Link>; {numeral(totals.atLeast ?? 0)} “at least”
        </p>
      )}
    </Tile>
  )
}

function Changed({ flows, comparedWith, asOf }: Figures) {
  const { hrefOf } = usePage()
  if (!flows || !comparedWith)
    return (
      <Tile title="What changed" figure="–" href={hrefOf('changes')}>
        <p>nothing to compare with</p>
      </Tile>
    )
  const appeared = sumOf(Object.values(flows.appeared))
  const resolved = sumOf(Object.values(flows.resolved))
  const { installed, superseded } = flows.resolved
  return (
    <Tile
      title={`Since ${day(comparedWith.startedAt)}`}
      figure={`+${numeral(appeared)} −${numeral(resolved)}`}
      href={hrefOf('changes', { from: comparedWith.snapshotId, to: asOf.snapshotId })}
    >
      <p>
        {numeral(installed)} installed, {numeral(superseded)} superseded, {numeral(resolved - installed - superseded)} otherwise
      </p>
    </Tile>
  )
}

function ToFix({ worstKbs, oldestMachines, groups }: Figures) {
  const { hrefOf } = usePage()
  const [kb] = worstKbs
  const [machine] = oldestMachines
  const group = worstOf(groups)
  return (
    <Tile title="First of all" figure={kb ? `KB${kb.kbId}` : '–'} href={kb ? hrefOf('kb', { kbId: kb.kbId }) : hrefOf('overview')}>
      <p>{kb ? `missed by ${numeral(kb.machinesMissing)} machines` : 'nothing is missing'}</p>
      {machine?.daysExposed !== undefined && (
        <p>
          <MachineLink {...machine} />, {days(machine.daysExposed, machine.exposedAtLeast)}
        </p>
      )}
      {group && (
        <p>
          <Link href={hrefOf('groups', { measure: 'over30' })}>
            <GroupName name={group.key} />
          </Link>
          , {aMachine(group).toFixed(1)} over 30 days a machine
        </p>
      )}
    </Tile>
  )
}

const aMachine = ({ pairs, asked }: Figures['groups'][number]) => (asked === 0 ? 0 : over30(pairs) / asked)

/** By the machine: else it would be the largest. Undefined where nothing is that old. */
const worstOf = (groups: Figures['groups']) => {
  const [worst] = [...groups].sort((a, b) => aMachine(b) - aMachine(a))
  return worst && aMachine(worst) > 0 ? worst : undefined
}

function Fast({ timeToPatch: { p50, p90, resolutionDays, n, stillMissing } }: Figures) {
  const { hrefOf } = usePage()
  return (
    <Tile title="Half installed within" figure={p50 === null ? '–' : days(p50)} href={hrefOf('cohorts')}>
      <p>
        {p90 === null ? '' : `nine tenths within ${days(p90)}; `}±{resolutionDays} d
      </p>
      <p>
        {numeral(n)} installed, {numeral(stillMissing.n)} still missing
      </p>
    </Tile>
  )
}
