import {
  atOf,
  countKbs,
  disputedMachine,
  passed,
  SAMPLE_POLICY,
  type Sampled,
  stretchesLeft,
  withSampled,
  wrapped,
} from '../../domain/index.ts'
import { keyAfter, LAST_KEY } from '../../store/index.ts'
import { SAMPLING_POLICY } from './policy.ts'
import { type DrawnMachine, isToBeAsked, sampleMachine, unaskedOf } from './sample-machine.ts'
import type { SampleState } from './sample-state.ts'
import type { Sampler } from './sampler.ts'

const COLUMNS = ['computerDnsName', 'lastSeen', 'state', 'lastObservedSnapshotId', 'observedSource', 'observedAt'] as const

/** Draws machines in turn and asks about them, until those that are due are judged, the turn is through, or the slice stops. */
export async function sampleMachines(sampler: Sampler, state: SampleState): Promise<void> {
  const { store, lease } = sampler
  for (const { after, through } of stretchesLeft(state.turn)) {
    const from = { partition: '', row: after ?? '', done: after !== null }
    const to = { partition: '', row: through === null ? LAST_KEY : keyAfter(through) }
    for await (const { rows } of store.machines.span({ from, to }, COLUMNS)) {
      await lease.ensureHeld()
      if (!(await sampleRows(sampler, state, rows))) return
    }
    if (through === null) state.turn = wrapped(state.turn)
  }
  state.machinesDone = true
}

/** Takes machines some at a time; false where it is over, or the slice stopped. */
async function sampleRows(sampler: Sampler, state: SampleState, rows: readonly DrawnMachine[]): Promise<boolean> {
  for (let start = 0; start < rows.length;) {
    if (isEnough(state)) state.machinesDone = true
    if (state.machinesDone || sampler.stop.reason) return false
    const some = someOf(rows.slice(start), sampler, leftToAsk(state, sampler))
    const sampled = await Promise.all(
      some.map(async (machine) =>
        isToBeAsked(machine, sampler) ? ((await sampleMachine(machine, sampler)) ?? 'stopped') : unaskedOf(machine, sampler),
      ),
    )
    // In the order of ids, and no further than all are through: the same whatever came first, and wherever the slice stopped.
    for (const [index, machine] of some.entries()) {
      const one = sampled[index]
      if (one === 'stopped') return false
      note(sampler, state, machine, one)
    }
    start += some.length
  }
  return true
}

function isEnough({ figures, asked }: SampleState): boolean {
  return figures.n >= figures.due || asked >= SAMPLE_POLICY.askedPerDue * figures.due
}

function leftToAsk({ figures, asked }: SampleState, { concurrency }: Sampler): number {
  return Math.min(concurrency, figures.due - figures.n, SAMPLE_POLICY.askedPerDue * figures.due - asked)
}

/** The first machines up to the one that is the last to be asked of so many. */
function someOf(rows: readonly DrawnMachine[], sampler: Sampler, most: number): readonly DrawnMachine[] {
  let asked = 0
  const end = rows.findIndex((machine) => isToBeAsked(machine, sampler) && ++asked === most)
  return end === -1 ? rows : rows.slice(0, end + 1)
}

function note(sampler: Sampler, state: SampleState, machine: DrawnMachine, sampled: Sampled | undefined): void {
  state.turn = passed(state.turn, machine.machineId)
  sampler.stalls.noteProgress()
  if (!sampled) return
  state.figures = withSampled(state.figures, sampled)
  if (isToBeAsked(machine, sampler)) {
    state.asked += 1
    state.figures = { ...state.figures, askedAt: atOf(sampler.outside.clock.now()) }
  }
  if (sampled.kind !== 'judged') return
  countKbs(state.kbs, sampled.judgement)
  const disputed = disputedMachine(machine, sampled.judgement, SAMPLING_POLICY.mostNamed)
  if (disputed && state.disputed.length < SAMPLING_POLICY.mostNamed) state.disputed.push(disputed)
}
