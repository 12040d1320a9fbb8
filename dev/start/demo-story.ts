import type { Simulator } from '../simulator/index.ts'

/** Share of the machines that are upgraded to another Windows, so that history has KBs that went with the old one. */
export const UPGRADED_SHARE = 0.15

/** The week, from 0, in which a gateway before Defender is broken for some machines: coverage is below 100 % once. A Patch Tuesday is in it. */
const BROKEN_WEEK = 2

/** One machine of so many is behind that gateway, and one at least. */
const ONE_OF = 50

/** Ids of the machines of which nothing is to be learned in a week; `at` is the start of its snapshot. */
export function brokenIn(week: number, simulator: Simulator, at: number): string[] {
  if (week !== BROKEN_WEEK) return []
  const asked = [...simulator.truth(at).keys()].filter((machineId) => isAsked(simulator, machineId, at))
  return asked.filter((_, index) => index % ONE_OF === 0)
}

function isAsked(simulator: Simulator, machineId: string, at: number): boolean {
  const { osPlatform, onboardingStatus } = simulator.machine(machineId, at)?.attributes ?? {}
  return osPlatform?.startsWith('Windows') === true && onboardingStatus === 'Onboarded'
}
