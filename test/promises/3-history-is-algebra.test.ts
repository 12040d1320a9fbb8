import { describe, expect, it } from 'vitest'
import { openTenant } from '../../src/open-tenant.ts'
import type { Change } from '../../src/domain/index.ts'
import { type Api, apiOf } from '../support/api.ts'
import { type FrozenWorld, snapshotAt, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import { Oracle } from '../support/oracle.ts'
import { REFERENCE, WEEK } from '../support/world.ts'

const LOOKS = [0, 1, 2, 3, 4, 6, 8, 11].map((week) => REFERENCE + week * WEEK)

interface Look {
  snapshotId: string
  state: Set<string>
  changes: string[]
}

/** Takes the eight snapshots, and works out beside each what the simulator itself knows. */
async function look(frozenWorld: FrozenWorld): Promise<Look[]> {
  const run = await startRun(frozenWorld, '')
  const { store } = openTenant(run.services)
  const products = new Map<string, readonly string[]>()
  const oracle = new Oracle(frozenWorld.world.simulator, (kbId) => products.get(kbId) ?? [])
  const looks: Look[] = []
  for (const at of LOOKS) {
    const snapshotId = await snapshotAt(frozenWorld, run, at)
    for await (const page of store.kbs.pages()) for (const kb of page) products.set(kb.kbId, kb.productsNames)
    const machineIds: string[] = []
    for await (const page of store.machines.pages()) machineIds.push(...page.map(({ machineId }) => machineId))
    const changes = oracle.changes(at, machineIds)
    looks.push({ snapshotId, state: oracle.state(), changes })
  }
  return looks
}

/** The net difference, and the last reason of each pair, from what is known of every look in between. */
function expectedNet(looks: readonly Look[], from: number, to: number): string[] {
  const before = looks[from]?.state ?? new Set()
  const after = looks[to]?.state ?? new Set()
  const last = new Map(
    looks
      .slice(from + 1, to + 1)
      .flatMap(({ changes }) => changes.map((line): [string, string] => [line.split(' ').slice(0, 2).join(' '), line])),
  )
  return [...new Set([...before, ...after])]
    .filter((pair) => before.has(pair) !== after.has(pair))
    .map((pair) => last.get(pair) ?? `${pair} without a change`)
    .sort()
}

async function netDiff(api: Api, from: string, to: string): Promise<string[]> {
  const lines: string[] = []
  for (let next: string | undefined = `/api/diffs?from=${from}&to=${to}&limit=500`; next !== undefined;) {
    const { status, json } = await api.call(next)
    expect(status).toBe(200)
    for (const row of json['changes'] as Change[]) lines.push(`${row.machineId} ${row.kbId} ${row.change} ${row.reason}`)
    next = json['nextLink'] as string | undefined
  }
  return lines.sort()
}

/** What came and went again is in neither; all else is in one of the two. */
function expectComposed(nets: ReadonlyMap<string, Set<string>>, count: number): void {
  const net = (from: number, to: number) => nets.get(`${from} ${to}`) ?? new Set<string>()
  const opposite = (line: string) =>
    line.endsWith('appeared') ? line.replace(/appeared$/, 'resolved') : line.replace(/resolved$/, 'appeared')
  for (let a = 0; a < count; a++) {
    for (let b = a; b < count; b++) {
      for (let c = b; c < count; c++) {
        const first = [...net(a, b)].filter((line) => !net(b, c).has(opposite(line)))
        const second = [...net(b, c)].filter((line) => !net(a, b).has(opposite(line)))
        expect(new Set([...first, ...second]), `${a} ${b} ${c}`).toEqual(net(a, c))
      }
    }
  }
}

describe('promise 3: history is algebra', () => {
  it(
    'tells between every two of eight snapshots of 300 machines what the simulator knows, with its reasons, and diffs compose',
    { timeout: 300_000 },
    async () => {
      const frozenWorld = await startFrozenWorld({ machines: 300, seed: 18, tables: 'tableService' })
      const { services, clock } = frozenWorld.world
      const looks = await look(frozenWorld)
      clock.set(LOOKS.at(-1) ?? 0)
      const api = apiOf({ kind: 'ready', services, outside: services.outside, reported: true })
      const reasons = new Set<string>()
      const nets = new Map<string, Set<string>>()
      for (let from = 0; from < looks.length; from++) {
        for (let to = from; to < looks.length; to++) {
          const found = await netDiff(api, looks[from]?.snapshotId ?? '', looks[to]?.snapshotId ?? '')
          expect(found, `from ${from} to ${to}`).toEqual(expectedNet(looks, from, to))
          nets.set(`${from} ${to}`, new Set(found.map((line) => line.split(' ').slice(0, 3).join(' '))))
          for (const line of found) reasons.add(line.split(' ')[3] ?? '')
        }
      }
      expectComposed(nets, looks.length)
      expect([...reasons]).toEqual(expect.arrayContaining(['machineAdded', 'new', 'installed', 'superseded', 'removed', 'silent']))
    },
  )
})
