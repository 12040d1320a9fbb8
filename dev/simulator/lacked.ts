import { asOf, type Character } from './machine-character.ts'
import { levelOf, newestVisible } from './patching.ts'
import { lastReportAt } from './reports.ts'
import type { Release, UpdateLine } from './update-lines.ts'
import { WORLD } from './world.ts'

/** A KB that a machine has not, and of the machine's products those that it is for. */
export interface Lacked {
  release: Release
  products: readonly string[]
}

/** The report by which Defender judges the machine at that time; undefined if there is none, or it is older than findings are kept. */
export function judgedReportAt(machine: Character, at: number): number | undefined {
  const reportedAt = lastReportAt(machine, at)
  return reportedAt === undefined || at - reportedAt > WORLD.findingsKept ? undefined : reportedAt
}

/**
 * Every KB that Defender knows at that time and the machine had not at its last report, superseded ones and all: each is the fix of CVEs
 * that are open on it.
 */
export function lackedAt(machine: Character, at: number): Lacked[] {
  const reportedAt = judgedReportAt(machine, at)
  if (reportedAt === undefined) return []
  const reported = asOf(machine, reportedAt)
  return reported.lines.flatMap((line) => lackedOfLine(reported, line, reportedAt, at))
}

function lackedOfLine(machine: Character, line: UpdateLine, reportedAt: number, at: number): Lacked[] {
  const level = levelOf(machine, line, reportedAt)
  const known = line.slice(level + 1, newestVisible(line, at) + 1).filter(({ visibleAt }) => visibleAt <= at)
  return known.map((release) => ({ release, products: productsOn(machine, release) }))
}

/** Some KBs are for clients and servers alike; a machine has one system. */
function productsOn({ platform: { osPlatform } }: Character, { kb }: Release): string[] {
  const system = systemOf(osPlatform)
  return kb.products.filter((product) => product === system || !product.startsWith('windows_'))
}

/** `WindowsServer2022` is `windows_server_2022` among products. */
export function systemOf(osPlatform: string): string {
  return osPlatform.replace(/(?<=[a-z])(?=[A-Z\d])/g, '_').toLowerCase()
}

/** Of each product the KBs of its newest bulletin; one that is older for all its products is contained in another. */
export function newestOf(lacked: readonly Lacked[]): Lacked[] {
  const newest = new Map<string, string>()
  for (const { release, products } of lacked)
    for (const product of products) newest.set(product, latest(newest.get(product) ?? '', monthOf(release)))
  return lacked.filter(({ release, products }) => products.some((product) => newest.get(product) === monthOf(release)))
}

/** `2026-03`: all that is released in a month is of one bulletin. */
export function monthOf({ kb }: Release): string {
  return kb.released.slice(0, 7)
}

const latest = (one: string, other: string): string => (one > other ? one : other)
