import { ask } from './api.ts'
import type { FuzzCase } from './fuzz-case.ts'
import { type FuzzWorld } from './fuzz-world.ts'
import { SECRET } from './secrets.ts'

/** Paths that are asked after one look; each case begins with others. */
const PATHS_AT_ONCE = 5

/** Whatever anybody may ask is answered, and if it is that there is nothing. */
export async function checkReads(world: FuzzWorld, fuzzCase: FuzzCase, snapshotIds: readonly string[]): Promise<string[]> {
  const troubles: string[] = []
  const paths = pathsOf(fuzzCase, snapshotIds)
  const first = (fuzzCase.index * PATHS_AT_ONCE) % paths.length
  for (const path of [...paths, ...paths].slice(first, first + PATHS_AT_ONCE)) {
    const reply = await ask(world.services, path).catch((error: unknown) => ({ status: 599, text: String(error) }))
    const isAnswered = reply.status < 500 || (path === 'health' && /"status":"(stale|blocked|starting)"/.test(reply.text))
    if (!isAnswered) troubles.push(`GET /api/${path} answers ${reply.status}: ${reply.text.slice(0, 300)} ${failureIn(world)}`)
    if (isTold(reply.text)) troubles.push(`GET /api/${path} tells a secret`)
  }
  return troubles
}

const failureIn = ({ log }: FuzzWorld) =>
  log
    .filter((line) => line.includes('request.failed'))
    .at(-1)
    ?.slice(0, 600) ?? ''

export const isTold = (text: string) => text.includes(SECRET) || text.includes(btoa(SECRET))

function pathsOf({ fleet, attack, index }: FuzzCase, snapshotIds: readonly string[]): string[] {
  const machineId = attack.kind === 'answers' ? attack.machineId : (fleet.machines[index % fleet.machines.length]?.id ?? '')
  const kbId = fleet.kbs[index % fleet.kbs.length]?.id ?? ''
  const [first = ''] = snapshotIds
  const last = snapshotIds.at(-1) ?? ''
  return [
    'health',
    'snapshots?limit=2',
    `snapshots/${last}`,
    `snapshots/${snapshotIds.at(-2) ?? last}/unknown`,
    `diffs?from=${first}&to=${last}&mode=${index % 2 === 0 ? 'net' : 'events'}`,
    `diffs?from=2026-03-02&format=csv&machineId=${machineId}`,
    `diffs/summary?from=${first}&to=${last}&groupBy=${['kb', 'machine', 'rbacGroup', 'osPlatform', 'reason'][index % 5]}`,
    'machines?limit=3',
    `machines/${machineId}`,
    `machines/${machineId}/missing-kbs`,
    `machines/${machineId}/history`,
    'kbs',
    `kbs/${kbId}/machines`,
    `kbs/${kbId}`,
    `kbs/${kbId}/trend`,
    ...TRENDS,
    ...FEED.map((set) => `odata/${set}`),
  ]
}

const TRENDS = [
  'overview',
  'status',
  'search?q=ws',
  'trends?from=2026-01-01',
  'trends?from=2026-01-01&grain=week',
  'trends?from=2026-01-01&rbacGroup=',
  'cohorts',
  'groups',
  'time-to-patch?from=2026-01-01',
  'machines?sort=oldest',
  'machines?sort=unknownSince&format=csv',
]

const FEED = [
  '$metadata',
  'MissingKbs?$top=5&$count=true',
  'MissingKbs?$filter=osPlatform%20eq%20%27Windows11%27',
  'Machines',
  'Kbs?$orderby=kbId',
  'Changes',
  'Snapshots',
  'KbTotals?$top=3',
  'Gaps',
  'Trends',
  'TrendsByGroup',
  'Cohorts',
]
