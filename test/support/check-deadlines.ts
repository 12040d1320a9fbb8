import { expect } from 'vitest'
import { exposureOf, type Interval, type KbFacts, missingAt, type Severity, withExposures } from '../../src/domain/index.ts'
import type { TenantStore } from '../../src/store/index.ts'
import type { ScriptedWorld } from './scripted-world.ts'

const product = (severity: Severity) => ({
  ...{ productId: '1', name: 'Windows 11 Version 24H2 for x64-based Systems', severity, cvss: 7.8, fixedBuild: null },
  ...{ updateClass: 'cumulative' as const, supersededBy: null },
})

export const factsOfKb = (kbId: string, day: string, severity: Severity, values: Partial<KbFacts> = {}): KbFacts => ({
  kbId,
  released: { day, rule: 'document', cvesAgreeing: 1 },
  cves: 1,
  document: { id: '2026-Mar', revisedAt: '2026-03-12T07:00:00Z' },
  products: [product(severity)],
  exploited: [],
  ...values,
})

export const listedOn = (dateAdded: string): Partial<KbFacts> => ({
  exploited: [{ cve: 'CVE-2026-1', msrcSince: null, kev: { dateAdded, dueDate: '2026-04-01', ransomware: false } }],
})

/** Of the five KBs of a played fleet what is known of three. */
const FACTS: Record<string, KbFacts> = {
  '5001': factsOfKb('5001', '2026-02-10', 'Critical'),
  '5002': factsOfKb('5002', '2026-03-10', 'Important', listedOn('2026-03-20')),
  '5004': factsOfKb('5004', '2026-02-25', 'Low'),
}

/** Critical: 21 days from release; listed: 14 from the listing; important: 30 since it was seen. */
export const POLICY = JSON.stringify({
  name: 'ours',
  rules: [
    { name: 'critical', severity: ['Critical'], days: 21 },
    { name: 'kev', kev: true, days: 14, clock: 'kevAdded' },
    { name: 'seen', severity: ['Important'], days: 30, clock: 'firstSeen' },
  ],
})

/** The last days in time of a KB that was seen on a day, counted by hand. */
function lastDays(kbId: string, seenOn: string): string[] | undefined {
  if (kbId === '5001') return ['2026-03-03']
  if (kbId === '5002') return ['2026-04-03', new Date(Date.parse(seenOn) + 30 * 86_400_000).toISOString().slice(0, 10)]
  return kbId === '5004' ? [] : undefined
}

/** The world in which so much is known, by ids that are none of the catalogue's. */
export function withKnownKbs(world: ScriptedWorld): ScriptedWorld {
  const factsOf = async (kbIds: Iterable<string>) =>
    new Map([...kbIds].flatMap((kbId) => (FACTS[kbId] ? [[kbId, FACTS[kbId]] as const] : [])))
  const catalogue = { factsOf } as unknown as typeof world.services.catalogue
  return {
    ...world,
    services: { ...world.services, catalogue },
    another: (...given) => ({ ...world.another(...given), catalogue }),
  }
}

const dayOf = (snapshotId: string) => `${snapshotId.slice(0, 4)}-${snapshotId.slice(4, 6)}-${snapshotId.slice(6, 8)}`

function standsAt(interval: Interval, snapshotId: string): 'overdue' | 'due' | 'none' | 'withoutFacts' {
  const { kbId, exposedWith, appearedSnapshotId } = interval
  const { exposedSince } = exposureOf(interval)
  const all = [
    lastDays(kbId, dayOf(exposedWith.length > 0 && !exposedWith.includes(kbId) ? appearedSnapshotId : exposedSince)),
    ...exposedWith.map((first) => lastDays(first, dayOf(exposedSince))),
  ]
  const days = all.flatMap((some) => some ?? [])
  if (days.length === 0) return all.includes(undefined) ? 'withoutFacts' : 'none'
  return days.some((day) => day < dayOf(snapshotId)) ? 'overdue' : 'due'
}

/** Every point, of the tenant and of its groups, counts deadlines as the intervals and the facts say. */
export async function expectDeadlines(store: TenantStore): Promise<void> {
  const machines: Interval[][] = []
  for await (const page of store.machines.pages()) {
    for (const { machineId } of page) machines.push([...withExposures((await store.missingKbs.read(machineId)).intervals)])
  }
  const points = await store.trends.points({ from: '0', to: '9' })
  for (const { snapshotId, deadlines } of points) {
    const counts = { overdue: 0, due: 0, none: 0, withoutFacts: 0 }
    const of = { machinesOverdue: 0, machinesWithoutFacts: 0 }
    for (const intervals of machines) {
      const stands = missingAt(intervals, snapshotId).map((interval) => standsAt(interval, snapshotId))
      for (const one of stands) counts[one]++
      if (stands.includes('overdue')) of.machinesOverdue++
      else if (stands.includes('withoutFacts')) of.machinesWithoutFacts++
    }
    expect(deadlines, snapshotId).toEqual({ policy: 'ours', ...counts, ...of })
    const groups = await store.trends.groups('rbacGroup', 'snapshot', { from: snapshotId, to: snapshotId })
    expect(groups.reduce((sum, group) => sum + (group.deadlines?.overdue ?? 0), 0)).toBe(counts.overdue)
  }
}
