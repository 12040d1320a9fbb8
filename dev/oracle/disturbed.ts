import { draw } from '../simulator/draw.ts'
import type { Simulator } from '../simulator/index.ts'
import type { PlannedLook } from './plan.ts'
import { sightOf } from './sight.ts'
import type { Look } from './look.ts'

interface Setting {
  simulator: Pick<Simulator, 'truth' | 'machine'>
  seed: number
  /** The look before. */
  last: Look | undefined
}

/** Of which machines Defender will say nothing at a look, and of which that they miss nothing. */
export function disturbedAt(planned: PlannedLook, { simulator, seed, last }: Setting): Pick<Look, 'unknown' | 'forgotten'> {
  const { at, unknownShare, forgottenShare } = planned
  const asked = [...simulator.truth(at).keys()].filter((machineId) => sightOf(simulator, machineId, at).asked)
  const unknown = asked.filter((machineId) => draw(seed, 'unknown', machineId, at) < unknownShare)
  // With a newer report its KBs would have to be taken for installed, which no story bears out.
  const isAsBefore = (machineId: string) =>
    last !== undefined &&
    !last.unknown.has(machineId) &&
    sightOf(simulator, machineId, at).lastSeen === sightOf(simulator, machineId, last.at).lastSeen
  const forgotten = asked.filter((machineId) => draw(seed, 'forgotten', machineId, at) < forgottenShare && isAsBefore(machineId))
  return { unknown: new Set(unknown), forgotten: new Set(forgotten.filter((machineId) => !unknown.includes(machineId))) }
}
