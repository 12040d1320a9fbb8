import { HttpRequest, type HttpResponseInit } from '@azure/functions'
import { expect, it } from 'vitest'
import type { FeedRow } from '../../src/feed/filter/value.ts'
import { feedRoute } from '../../src/feed/index.ts'
import { diffsRoute } from '../../src/http/routes/diffs.ts'
import { snapshotsRoute } from '../../src/http/routes/snapshots.ts'
import type { Program } from '../../src/program.ts'
import { snapshotAt, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import { DAY, REFERENCE } from '../support/world.ts'

it('what was taken from Defender is in the feed as it is in the API, and the open intervals are what Defender says is missing', async () => {
  const frozenWorld = await startFrozenWorld({ machines: 30, seed: 18 })
  const run = await startRun(frozenWorld, 'feed')
  const days = [REFERENCE, REFERENCE + 9 * DAY, REFERENCE + 16 * DAY]
  const snapshotIds: string[] = []
  for (const day of days) snapshotIds.push(await snapshotAt(frozenWorld, run, day))
  const program: Program = { kind: 'ready', services: run.services, outside: run.services.outside, reported: false }
  const rows = async (path: string) => comparableRows(program, path)

  const truth = [...frozenWorld.world.simulator.truth(days[2] ?? 0)].flatMap(([machineId, kbIds]) =>
    [...kbIds].map((kbId) => `${machineId} ${kbId}`),
  )
  const open = await rows('MissingKbs?$filter=isOpen&$select=machineId,kbId')
  expect(truth.length).toBeGreaterThan(20)
  expect(open.map(({ machineId, kbId }) => `${machineId} ${kbId}`).sort()).toEqual(truth.sort())

  const diff = await diffsRoute.serve(() => program)(
    new HttpRequest({ method: 'GET', url: `https://host/api/diffs?mode=events&from=${snapshotIds[0]}&to=${snapshotIds[2]}&limit=10000` }),
  )
  const { changes } = (await jsonOf(diff)) as { changes: Record<string, unknown>[] }
  const feedChanges = await rows(`Changes?$filter=snapshotId gt '${snapshotIds[0]}'`)
  const essence = (row: Record<string, unknown>) =>
    JSON.stringify(
      ['snapshotId', 'at', 'machineId', 'kbId', 'change', 'reason', 'observedAt', 'firstMissingAt', 'lastMissingAt'].map(
        (name) => row[name] ?? null,
      ),
    )
  expect(feedChanges.length).toBeGreaterThan(20)
  expect(feedChanges.map(essence).sort()).toEqual(changes.map(essence).sort())
  expect(new Set(feedChanges.map(({ change }) => change))).toEqual(new Set(['appeared', 'resolved']))

  const listed = await snapshotsRoute.serve(() => program)(new HttpRequest({ method: 'GET', url: 'https://host/api/snapshots' }))
  const snapshots = (
    (await jsonOf(listed)) as {
      snapshots: { snapshotId: string; coverage: number; missing: { pairs: number }; changes: { appeared: number } }[]
    }
  ).snapshots
  const fed = await rows('Snapshots?$orderby=snapshotId desc')
  expect(fed.map((row) => [row['snapshotId'], row['coverage'], row['missingPairs'], row['appeared']])).toEqual(
    snapshots.map(({ snapshotId, coverage, missing, changes: { appeared } }) => [snapshotId, coverage, missing.pairs, appeared]),
  )

  const totals = await rows(`KbTotals?$filter=at ge ${new Date(days[2] ?? 0).toISOString()}`)
  expect(totals.reduce((sum, row) => sum + Number(row['machinesMissing']), 0)).toBe(truth.length)
  // A star: every fact joins its machine, its KB and its snapshots.
  const [machines, kbs] = [await keysOf(rows, 'Machines', 'machineId'), await keysOf(rows, 'Kbs', 'kbId')]
  for (const fact of [...(await rows('MissingKbs')), ...(await rows('Changes'))]) {
    expect(machines.has(fact['machineId']) && kbs.has(fact['kbId']), JSON.stringify(fact)).toBe(true)
    for (const name of ['snapshotId', 'appearedSnapshotId', 'resolvedSnapshotId'])
      expect([...snapshotIds, undefined, null]).toContain(fact[name])
  }
})

async function keysOf(rows: (path: string) => Promise<FeedRow[]>, set: string, key: string) {
  return new Set((await rows(`${set}?$select=${key}`)).map((row) => row[key]))
}

async function comparableRows(program: Program, path: string): Promise<FeedRow[]> {
  const rows: FeedRow[] = []
  for (let next: string | undefined = `https://host/api/odata/${encodeURI(path)}`; next !== undefined;) {
    const answer = await feedRoute.serve(() => program)(
      new HttpRequest({ method: 'GET', url: next, headers: { prefer: 'odata.maxpagesize=100' } }),
    )
    expect(answer.status).toBe(200)
    const page = (await jsonOf(answer)) as { value: FeedRow[]; '@odata.nextLink'?: string }
    rows.push(...page.value)
    next = page['@odata.nextLink']
  }
  return rows
}

const jsonOf = ({ body }: HttpResponseInit): Promise<unknown> => new Response(body as ConstructorParameters<typeof Response>[0]).json()
