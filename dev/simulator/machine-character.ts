import { createHash } from 'node:crypto'
import { draw, drawBetween, drawIndex, drawShare } from './draw.ts'
import { lifeOf, type Life, type LifeSetting } from './machine-life.ts'
import { DAY, HOUR, MINUTE } from './time.ts'
import type { UpdateLine, UpdateLines } from './update-lines.ts'
import { upgradeOf } from './upgrade.ts'
import { HABITS, PLATFORMS, PRODUCTS, WORLD, type Platform, type Product } from './world.ts'

export type Habit = (typeof HABITS)[number]

/** All that never changes about a machine. */
export interface Character {
  seed: number
  /** All that is drawn about the machine is drawn by this; a copy has that of the machine of which it is one. */
  index: number
  /** Its own among all machines, in its name and addresses; that of a copy is not its index. */
  number: number
  machineId: string
  platform: Platform
  habit: Habit
  life: Life
  /** What was released by then was in its image; `systemImagedAt` is that of its Windows, which an upgrade replaces. */
  imagedAt: number
  systemImagedAt: number
  /** Time of day, in ms since midnight UTC, of its daily full report and of its maintenance. */
  reportsAt: number
  maintainsAt: number
  reportsAfterReboot: boolean
  sleepsAtWeekend: boolean
  onboarded: boolean
  /** The cumulative Windows line is the first; none for a machine that Defender does not assess for KBs. */
  lines: readonly UpdateLine[]
  /** The same machine from then on (epoch ms), on another Windows. */
  upgrade?: { at: number; to: Character }
}

/** How a fleet is made. `upgrades` is the share of the machines that are upgraded to another Windows, of those for which there is one. */
export interface FleetSetting extends LifeSetting {
  upgrades: number
}

/** 40 lower-case hex digits, as every id in Microsoft's samples. */
export function machineIdOf(seed: number, index: number): string {
  return createHash('sha1').update(`${seed}|${index}`).digest('hex')
}

export function characterOf(index: number, machineId: string, setting: FleetSetting, updateLines: UpdateLines): Character {
  const { seed } = setting
  const life = lifeOf(index, setting)
  const platform = drawShare(PLATFORMS, seed, life.reimagedFrom ?? index, 'platform')
  const onboarded = draw(seed, index, 'onboarded') >= 0.01
  const imagedAt = (life.known[0]?.from ?? 0) - drawBetween(5 * DAY, 75 * DAY, seed, index, 'image age')
  const character: Character = {
    seed,
    index,
    number: index,
    machineId,
    platform,
    habit: drawShare(HABITS, seed, index, 'habit'),
    life,
    imagedAt,
    systemImagedAt: imagedAt,
    reportsAt: drawIndex(24 * 60, seed, index, 'reports at') * MINUTE,
    maintainsAt: drawIndex(24, seed, index, 'maintains at') * HOUR,
    reportsAfterReboot: draw(seed, index, 'reboot') < 0.4,
    sleepsAtWeekend: !platform.server && draw(seed, index, 'weekend') < 0.4,
    onboarded,
    lines: onboarded ? linesOf(index, seed, platform, updateLines) : [],
  }
  const upgrade = upgradeOf(character, setting)
  if (!upgrade) return character
  const { at, imagedAt: systemImagedAt, platform: next } = upgrade
  const lines = onboarded ? linesOf(index, seed, next, updateLines) : []
  return { ...character, upgrade: { at, to: { ...character, platform: next, systemImagedAt, lines } } }
}

/** Another machine, with an id and a name of its own, that is and does in all else what this one is and does. */
export function copyOf(machine: Character, number: number): Character {
  const own = { machineId: machineIdOf(machine.seed, number), number }
  const { upgrade } = machine
  return { ...machine, ...own, ...(upgrade && { upgrade: { ...upgrade, to: { ...upgrade.to, ...own } } }) }
}

/** The machine as it is at that time. */
export function asOf(machine: Character, at: number): Character {
  return machine.upgrade && machine.upgrade.at <= at ? machine.upgrade.to : machine
}

function linesOf(index: number, seed: number, platform: Platform, updateLines: UpdateLines): UpdateLine[] {
  const windows = platform.catalogPlatform === undefined ? undefined : updateLines.windows.get(platform.catalogPlatform)
  if (!windows) return []
  const beside = windows.beside.filter((line) => draw(seed, index, 'beside', firstId(line)) < WORLD.sideUpdate)
  const products = productNames.filter((product) => draw(seed, index, product) < shareOf(product, platform))
  return [
    windows.cumulative,
    ...beside,
    ...products.flatMap((product) => productLines(index, seed, product, updateLines.products[product])),
  ]
}

const productNames = Object.keys(PRODUCTS) as Product[]

function shareOf(product: Product, platform: Platform): number {
  return platform.server ? PRODUCTS[product].servers : PRODUCTS[product].workstations
}

/** Office is a handful of components with a line each; of everything else a machine has one version. */
function productLines(index: number, seed: number, product: Product, lines: readonly UpdateLine[]): UpdateLine[] {
  if (product === 'office') return lines.filter((line) => draw(seed, index, 'component', firstId(line)) < WORLD.officeComponent)
  const line = lines[drawIndex(lines.length, seed, index, product, 'version')]
  return line ? [line] : []
}

function firstId(line: UpdateLine): string {
  return line[0]?.kb.id ?? ''
}
