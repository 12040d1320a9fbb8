import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { HttpRequest } from '@azure/functions'
import { odata } from '@azure/data-tables'
import { Pool } from 'undici'
import { z } from 'zod'
import { createCredential } from '../../../src/defender/index.ts'
import { answerFeed } from '../../../src/feed/answer-feed.ts'
import { diffRows } from '../../../src/history/diff.ts'
import { diffsRoute } from '../../../src/http/routes/diffs.ts'
import { openTenant } from '../../../src/open-tenant.ts'
import type { Program as Opened } from '../../../src/program.ts'
import { BUCKETS } from '../../../src/store/index.ts'
import { isGapKey, monthOf, STATE_ROW, tenantKeys } from '../../../src/store/keys.ts'
import { tick } from '../../../src/sync/index.ts'
import { FULL_SNAPSHOTS } from '../write-history.ts'
import { parseDocument, refresh } from './catalogue-jobs.ts'
import { barePages, type Program, timedRows } from './timed.ts'
import { readRoute, readTrendRowsBare } from './trend-jobs.ts'

/** What a worker can be asked to do, and what it answers: all that is measured is measured in the worker. */
export const jobs = {
  takeSnapshot,
  fetchBare,
  runDiff,
  readChangesBare,
  readCsv,
  readFeed,
  scanIntervals,
  readRoute,
  readTrendRowsBare,
  compareFullSnapshots,
  refresh,
  parseDocument,
  peakMemory,
}

/** The schedule of the worker's settings starts a snapshot every second: a tick is idle only within the second of the last start. */
const START_EVERY_MS = 1000

/** Ticks until a scheduled snapshot has ended. */
async function takeSnapshot(program: Program): Promise<{ milliseconds: number; status: string }> {
  const services = program()
  for (let startedAt = performance.now(); ;) {
    const result = await tick(services)
    if (result.kind === 'ended') return { milliseconds: performance.now() - startedAt, status: result.status }
    if (result.kind === 'idle') {
      await setTimeout(START_EVERY_MS)
      startedAt = performance.now()
    } else if (result.kind !== 'more' || result.stop.kind !== 'deadline') {
      throw new Error(`the snapshot does not go on: ${JSON.stringify(result)}`)
    }
  }
}

/** Fetches the missing KBs of these machines, so many at once: the least that it can take, with no parsing, no store, no retries. */
async function fetchBare(program: Program, machineIds: readonly string[], concurrency: number): Promise<{ milliseconds: number }> {
  const { tenantId, config } = program()
  const { apiUrl, scope, authorityUrl } = config.defender
  const token = await createCredential({ tenantId, authorityUrl }).getToken(scope)
  const headers = { authorization: `Bearer ${token?.token ?? ''}` }
  const pool = new Pool(apiUrl, { connections: concurrency, pipelining: 1 })
  const ids = machineIds.values()
  const timed = await timedRows(async () => {
    const fetchAll = async () => {
      for (const machineId of ids) {
        const { statusCode, body } = await pool.request({ method: 'GET', path: `/api/machines/${machineId}/getmissingkbs`, headers })
        await body.dump({ limit: Infinity })
        if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`)
      }
    }
    await Promise.all(Array.from({ length: concurrency }, fetchAll))
    return machineIds.length
  })
  await pool.close()
  return timed
}

/** Reads the net diff over these snapshots and drops its rows, as a consumer does that writes them out. */
function runDiff(program: Program, snapshotIds: readonly string[]) {
  const { store } = openTenant(program())
  const snapshots = snapshotIds.map((snapshotId) => ({ snapshotId, changedBuckets: null, appeared: 0, resolved: 0 }))
  const diff = { snapshots, toSnapshotId: snapshotIds.at(-1) ?? '', mode: 'net', filter: {}, rowsWanted: Infinity } as const
  return timedRows(async () => {
    let rows = 0
    for await (const batch of diffRows(store.changes, diff)) rows += batch.rows.length
    return rows
  })
}

/** Reads one snapshot's change rows with the SDK alone, all partitions at once, and drops them. */
function readChangesBare(program: Program, snapshotId: string) {
  const { tenantId } = program()
  return timedRows(async () => {
    const counts = BUCKETS.map(async (bucket) => {
      const filter = odata`PartitionKey eq ${tenantKeys(tenantId).partition(snapshotId, bucket)}`
      let rows = 0
      for await (const page of barePages(program, `changes${monthOf(snapshotId)}`, filter)) rows += page.length
      return rows
    })
    return (await Promise.all(counts)).reduce((sum, rows) => sum + rows, 0)
  })
}

/** Reads the last diff as CSV, as the host does that fetches it, and drops it. */
function readCsv(program: Program) {
  const services = program()
  const opened: Opened = { kind: 'ready', services, outside: services.outside, reported: false }
  const request = new HttpRequest({ method: 'GET', url: 'http://localhost/api/diffs?format=csv' })
  return timedRows(async () => {
    const { status, body } = await diffsRoute.serve(() => opened)(request)
    if (status !== 200) throw new Error(`HTTP ${status}`)
    let rows = -1
    for await (const piece of body as AsyncIterable<Uint8Array>) for (const byte of piece) rows += byte === LINE_FEED ? 1 : 0
    return rows
  })
}

const LINE_FEED = 10

const pageSchema = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() })

/** Reads the feed's `MissingKbs` to its end, link by link. Taking the pages apart is a client's work, and not in the time. */
async function readFeed(program: Program): Promise<{ milliseconds: number; rows: number }> {
  const services = program()
  const headers = new Headers({ 'odata-maxversion': '4.0' })
  let rows = 0
  let milliseconds = 0
  for (let url: string | undefined = 'http://localhost/api/odata/MissingKbs'; url !== undefined;) {
    const startedAt = performance.now()
    const { status, text } = await answerFeed(services, { url, headers })
    milliseconds += performance.now() - startedAt
    if (status !== 200) throw new Error(`HTTP ${status}: ${text}`)
    const page = pageSchema.parse(JSON.parse(text))
    rows += page.value.length
    url = page['@odata.nextLink']
  }
  return { milliseconds, rows }
}

/** Reads all of the tenant's intervals with the SDK alone, page after page, and drops them. */
function scanIntervals(program: Program) {
  const { tenantId } = program()
  const filter = odata`PartitionKey ge ${`${tenantId}|`} and PartitionKey lt ${`${tenantId}}`}`
  return timedRows(async () => {
    let rows = 0
    for await (const page of barePages(program, 'missingkbs', filter))
      for (const { rowKey } of page) rows += isNoInterval(rowKey ?? '') ? 0 : 1
    return rows
  })
}

const isNoInterval = (rowKey: string) => rowKey === STATE_ROW || isGapKey(rowKey)

/** The least that comparing two snapshots takes where each is kept in full: both are read side by side, machine by machine. */
function compareFullSnapshots(program: Program, from: string, to: string) {
  const read = async (snapshotId: string) => {
    const kbIds = new Map<string, string>()
    for await (const page of barePages<{ kbIds: string }>(program, FULL_SNAPSHOTS, odata`PartitionKey eq ${snapshotId}`))
      for (const row of page) kbIds.set(row.rowKey ?? '', row.kbIds)
    return kbIds
  }
  return timedRows(async () => {
    const [before, after] = await Promise.all([read(from), read(to)])
    let rows = 0
    for (const [machineId, kbIds] of after) rows += differences(before.get(machineId) ?? '', kbIds)
    return rows
  })
}

function differences(before: string, after: string): number {
  if (before === after) return 0
  const known = new Set(before.split(' '))
  const current = new Set(after.split(' '))
  return [...current].filter((kbId) => !known.has(kbId)).length + [...known].filter((kbId) => !current.has(kbId)).length
}

/**
 * The most memory that the process ever had resident. On Linux from the process's own page: `maxRSS` begins there with what the parent had
 * resident when it forked.
 */
async function peakMemory(): Promise<{ bytes: number }> {
  if (process.platform !== 'linux') return { bytes: process.resourceUsage().maxRSS * 1024 }
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  if (kilobytes === undefined) throw new Error('/proc/self/status has no VmHWM')
  return { bytes: Number(kilobytes) * 1024 }
}
