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

/** The newest snapshot's own point of the trend, where it was counted. */
const pointOf = ({ trend, asOf }: Figures) => trend.points.findLast(({ snapshotId }) => snapshotId === asOf.snapshotId)

/** Whether any machine has ever answered: where none has, nothing missing is nothing known. */
export function isKnown(figures: Figures): boolean {
  return figures.totals.pairs > 0 || pointOf(figures)?.observed !== 0
}

function Trust(figures: Figures) {
  const { hrefOf } = usePage()
  const { asOf, ageHours, status, detail, unknown } = figures
  const point = pointOf(figures)
  return (
    <Tile title="Newest snapshot" figure={minute(asOf.startedAt)} href={hrefOf('snapshots')} tone={status === 'ok' ? undefined : 'bad'}>
      <p>
        {hours(ageHours)} ago, {asOf.status}. {status === 'ok' ? '' : `${status}: ${detail ?? ''}`}
      </p>
      <p>
        Coverage {percent(asOf.coverage)}
        {point && `: ${numeral(point.observed)} of ${numeral(point.asked)} machines`},{' '}
        <Link href={hrefOf('machines', { state: 'unknown' })}>{numeral(unknown.count)} unknown</Link>
      </p>
      {point && point.assessed !== null && (
        <p>
          {percent(point.assessed)} assessed,{' '}
          <Link href={hrefOf('machines', { state: 'silent' })}>{numeral(point.silent ?? 0)} silent</Link>
        </p>
      )}
    </Tile>
  )
}

function Missing(figures: Figures) {
  const { hrefOf } = usePage()
  const { totals, delta, comparedWith, asOf } = figures
  if (!isKnown(figures))
    return (
      <Tile title="Missing pairs" figure="–" href={hrefOf('snapshots')}>
        <p>No machine has answered.</p>
      </Tile>
    )
  const ends = { from: comparedWith?.snapshotId, to: asOf.snapshotId, mode: 'net' }
  return (
    <Tile title="Missing pairs" figure={numeral(totals.pairs)} href={hrefOf('machines', { sort: 'missing' })}>
      <p>
        {delta && comparedWith ? (
          <Link href={hrefOf('changes', ends)}>
            {signed(delta.pairs)} since <span class="date">{day(comparedWith.startedAt)}</span>
          </Link>
        ) : (
          'nothing to compare with'
        )}
      </p>
      <p>
        on <Link href={hrefOf('machines', { sort: 'missing' })}>{numeral(totals.machines)} machines</Link>, of{' '}
        <Link href={hrefOf('kbs')}>{numeral(totals.kbs)} KBs</Link>
      </p>
      <Old {...figures} />
    </Tile>
  )
}

/** Those that are exposed for long, and whether they get fewer. */
function Old({ totals, comparedWith, trend }: Figures) {
  const { hrefOf } = usePage()
  if (!totals.ages) return null
  const old = over30(totals.ages)
  const before = trend.points.find(({ snapshotId }) => snapshotId === comparedWith?.snapshotId)
  return (
    <p>
      <Link href={hrefOf('machines', { sort: 'oldest' })}>{numeral(old)} over 30 days</Link>
      {before && ` (${signed(old - over30(before.pairs))})`}; {numeral(totals.atLeast ?? 0)} “at least”
    </p>
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
  const { installed, superseded, ...others } = flows.resolved
  const ends = { from: comparedWith.snapshotId, to: asOf.snapshotId }
  const linked = (count: number, reason: readonly string[], title: string) => (
    <Link href={hrefOf('changes', { ...ends, reason })}>{`${numeral(count)}\u00a0${title}`}</Link>
  )
  return (
    <Tile
      title={`Since ${day(comparedWith.startedAt)}`}
      figure={`+${numeral(appeared)} −${numeral(resolved)}`}
      href={hrefOf('changes', ends)}
    >
      <p>
        {linked(installed, ['installed'], 'installed')}
        {', '}
        {linked(superseded, ['superseded'], 'superseded')}
        {', '}
        {linked(sumOf(Object.values(others)), Object.keys(others), 'otherwise')}
      </p>
    </Tile>
  )
}

function ToFix(figures: Figures) {
  const { hrefOf } = usePage()
  const { worstKbs, oldestMachines, groups } = figures
  const [kb] = worstKbs
  const [machine] = oldestMachines
  const worst = worstOf(groups)
  return (
    <Tile title="Fix first" figure={kb ? `KB${kb.kbId}` : '–'} href={kb ? hrefOf('kb', { kbId: kb.kbId }) : hrefOf('kbs')}>
      <p>{kb ? `missed by ${numeral(kb.machinesMissing)} machines` : isKnown(figures) ? 'nothing is missing' : 'nothing is known'}</p>
      {machine?.daysExposed !== undefined && (
        <p>
          <MachineLink {...machine} />, {days(machine.daysExposed, machine.exposedAtLeast)}
        </p>
      )}
      {worst && (
        <p>
          <Link href={hrefOf('machines', { rbacGroup: worst.key ?? '' })}>
            <GroupName name={worst.key} />
          </Link>
          , {aMachine(worst).toFixed(1)} over 30 days a machine
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

function Fast({ timeToPatch: { from, p50, p90, resolutionDays, n, stillMissing }, trend: { points } }: Figures) {
  const { hrefOf } = usePage()
  const [first] = points
  // Nothing is resolved in the first snapshot of all: if something was, there is one before, which is the beginning that counts it.
  const since = first && sumOf(Object.values(first.resolved)) === 0 ? first.snapshotId : from
  return (
    <Tile title="Half installed within" figure={p50 === null ? '–' : days(p50)} href={hrefOf('cohorts')}>
      <p>
        {p90 === null ? '' : `nine tenths within ${days(p90)}; `}±{resolutionDays} d
      </p>
      <p>
        <Link href={hrefOf('changes', { from: since, reason: 'installed' })}>{numeral(n)} installed</Link> since{' '}
        <span class="date">{day(first?.at ?? from)}</span>
      </p>
      <p>
        <Link href={hrefOf('machines', { sort: 'missing' })}>{numeral(stillMissing.n)} still missing</Link>
      </p>
    </Tile>
  )
}
