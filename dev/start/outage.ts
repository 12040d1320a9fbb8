import type { Faults, Simulator } from '../simulator/index.ts'

/** Share of the machines that are upgraded to another Windows, so that history has KBs that went with the old one. */
export const UPGRADED_SHARE = 0.15

/** What the simulated Defender can be told to do instead of answering about a machine, and the HTTP status that is then seen. */
const STATUS_OF_FAULT = { html502: 502, notFoundForever: 404 } as const satisfies Partial<Record<keyof Faults, number>>
type OutageFault = keyof typeof STATUS_OF_FAULT
const FAULTS = Object.keys(STATUS_OF_FAULT) as OutageFault[]

/** The week, from 0, in which some machines give no answer, so that coverage is below 100 % once. A Patch Tuesday is in it. */
const OUTAGE_WEEK = 2

/** One machine of so many, and one at least. */
const ONE_OF = 50

/** Machines about which nothing is to be learned, and how the simulated Defender fails at them. */
export type Outage = ReadonlyMap<string, OutageFault>

export const NO_OUTAGE: Outage = new Map()

/** What is told for a week, of the machines that are asked in it. */
export function outageOf(week: number, asked: readonly string[]): Outage {
  if (week !== OUTAGE_WEEK) return NO_OUTAGE
  const struck = asked.filter((_, index) => index % ONE_OF === 0)
  return new Map(struck.map((machineId, index) => [machineId, FAULTS[index % FAULTS.length] ?? 'html502']))
}

/** Switches on what the outage has, and off all else. */
export function faultsOf(outage: Outage): Partial<Faults> {
  const machineIdsOf = (fault: OutageFault) => [...outage].flatMap(([machineId, struckBy]) => (struckBy === fault ? [machineId] : []))
  const rules = FAULTS.map((fault) => [fault, machineIdsOf(fault)] as const)
  return Object.fromEntries(rules.map(([fault, machineIds]) => [fault, machineIds.length > 0 && { machineIds }]))
}

/** The status that is seen of a machine in place of an answer; undefined for one that answers. */
export function statusIn(outage: Outage, machineId: string): number | undefined {
  const fault = outage.get(machineId)
  return fault && STATUS_OF_FAULT[fault]
}

/** The machines that have to be asked at that time (epoch ms), as the simulated Defender lists them: Windows, and onboarded. */
export const askedAt = (simulator: Pick<Simulator, 'listed'>, at: number): string[] =>
  simulator
    .listed(at)
    .filter(({ osPlatform, onboardingStatus }) => osPlatform.startsWith('Windows') && onboardingStatus === 'Onboarded')
    .map(({ id }) => id)
