import { draw, drawBetween, drawShare } from './draw.ts'
import { DAY, HOUR, MINUTE, type Stretch } from './time.ts'
import { LIVES, REIMAGED, WORLD } from './world.ts'

/** When a machine is there: `known` to Defender (listed, answers by id), and `awake`, sending reports. Stretches in time order. */
export interface Life {
  known: readonly Stretch[]
  awake: readonly Stretch[]
  /** The machine that this one was before it was re-imaged, or became. Same DNS name, another id. */
  reimagedFrom?: number
  reimagedAs?: number
}

export interface LifeSetting {
  seed: number
  machines: number
  startMs: number
}

/** The whole life of machine number `index`, from the seed alone. */
export function lifeOf(index: number, setting: LifeSetting): Life {
  if (isReimage(index, setting)) {
    const from = reimagedAt(index - 1, setting) + 2 * HOUR
    return { known: [forever(from)], awake: [forever(from)], reimagedFrom: index - 1 }
  }
  const firstSeen = setting.startMs - inMinutes(drawBetween(60 * DAY, 900 * DAY, setting.seed, index, 'first seen'))
  if (isReimage(index + 1, setting)) {
    return { known: [forever(firstSeen)], awake: [{ from: firstSeen, to: reimagedAt(index, setting) }], reimagedAs: index + 1 }
  }
  return lifeByChance(index, setting, firstSeen)
}

function lifeByChance(index: number, setting: LifeSetting, firstSeen: number): Life {
  const { seed, startMs } = setting
  const between = (purpose: string, low: number, high: number) => inMinutes(drawBetween(low, high, seed, index, purpose))
  const turn = startMs + between('turn', 0, WORLD.eventful)
  // Silences may have begun before the start, so that the first weeks have machines whose findings just vanish, or that come back.
  const silentFrom = startMs + between('silent from', -40 * DAY, WORLD.eventful)
  const { life } = drawShare(LIVES, seed, index, 'life')
  switch (life) {
    case 'steady':
      return sameStretches([forever(firstSeen)])
    case 'joins':
      return sameStretches([forever(turn)])
    case 'leaves':
      return sameStretches([{ from: firstSeen, to: turn }])
    case 'leavesAndReturns':
      return sameStretches([{ from: firstSeen, to: turn }, forever(turn + between('away', 4 * DAY, 30 * DAY))])
    case 'fallsSilent':
      return { known: [forever(firstSeen)], awake: [{ from: firstSeen, to: silentFrom }] }
    case 'fallsSilentAndReturns': {
      const back = silentFrom + between('silence', 5 * DAY, 75 * DAY)
      return { known: [forever(firstSeen)], awake: [{ from: firstSeen, to: silentFrom }, forever(back)] }
    }
  }
}

function isReimage(index: number, { seed, machines }: LifeSetting): boolean {
  return index % 2 === 1 && index < machines && draw(seed, index, 'reimage') < REIMAGED
}

function reimagedAt(index: number, { seed, startMs }: LifeSetting): number {
  return startMs + inMinutes(drawBetween(0, WORLD.eventful, seed, index, 'reimaged at'))
}

function sameStretches(stretches: readonly Stretch[]): Life {
  return { known: stretches, awake: stretches }
}

function forever(from: number): Stretch {
  return { from, to: Infinity }
}

function inMinutes(milliseconds: number): number {
  return Math.floor(milliseconds / MINUTE) * MINUTE
}
