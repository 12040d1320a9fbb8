import { draw, drawBetween } from './draw.ts'
import type { LifeSetting } from './machine-life.ts'
import { DAY, type Stretch } from './time.ts'
import { PLATFORMS, UPGRADES, WORLD, type Platform } from './world.ts'

interface Upgradable {
  seed: number
  index: number
  platform: Platform
  maintainsAt: number
  life: { awake: readonly Stretch[] }
}

/** When the machine is upgraded to another Windows, to which one, and how old its image is; undefined for most. */
export function upgradeOf(
  { seed, index, platform, maintainsAt, life }: Upgradable,
  { startMs, upgrades }: Pick<LifeSetting, 'startMs'> & { upgrades: number },
): { at: number; imagedAt: number; platform: Platform } | undefined {
  if (draw(seed, index, 'upgrade') >= upgrades) return undefined
  const next = UPGRADES.find(({ from }) => from === nameOf(platform))
  const to = PLATFORMS.find((other) => nameOf(other) === next?.to)
  if (!to) return undefined
  const at = Math.floor((startMs + drawBetween(0, WORLD.eventful, seed, index, 'upgraded at')) / DAY) * DAY + maintainsAt
  // One that is off that night is never upgraded: the owner's campaign has gone on.
  if (at < startMs || !life.awake.some(({ from, to: until }) => from < at && at < until)) return undefined
  const { upgradeImageAge: age } = WORLD
  return { at, imagedAt: at - drawBetween(age.from, age.to, seed, index, 'upgrade image age'), platform: to }
}

const nameOf = ({ osPlatform, version }: Platform) => `${osPlatform} ${version}`
