import { createHash } from 'node:crypto'
import {
  type Change,
  direct,
  type Interval,
  pendingSnapshot,
  type Snapshot,
  snapshotIdOf,
  snapshotStartAt,
  UNRESOLVED,
} from '../../src/domain/index.ts'
import type { FeedRow } from '../../src/feed/filter/value.ts'
import { entitySets } from '../../src/feed/index.ts'
import { HistoryGaps } from './history-gaps.ts'
import { HistoryTrends } from './history-trends.ts'
import { type TenantStore } from '../../src/store/index.ts'

/** The sets that are about a tenant: those of the app are in `app-sets.test.ts`. */
export const tenantEntitySets = entitySets.filter(({ name }) => !['Tenants', 'TenantDays'].includes(name))

const DAY = 86_400_000

/** Two days before the end of a month, so that changes lie in two tables. */
const FIRST = Date.parse('2026-05-30T02:00:00Z')

/** KBs whose ids are no numbers: quotes, slashes, spaces and what Table Storage refuses in keys. */
const ODD_KBS = ["it's", 'KB 1/2', 'ü#?']

/** Ids that are not what Defender's are, and yet have a place. */
const ODD_MACHINES = ['A0FF', 'x-1']

export interface HistoryOptions {
  machines?: number
  kbs?: number
  snapshots?: number
  /** The newest snapshot is still running. */
  running?: boolean
  /** How likely a pair of machine and KB changes in a snapshot. */
  restlessness?: number
}

export interface History {
  snapshotIds: string[]
  machineIds: string[]
  kbIds: string[]
  /** Every row that the feed must show, by set. */
  rows: Record<
    'Snapshots' | 'Machines' | 'Kbs' | 'MissingKbs' | 'Changes' | 'KbTotals' | 'Gaps' | 'Trends' | 'TrendsByGroup' | 'Cohorts',
    FeedRow[]
  >
  /** Writes another snapshot: begun, with its rows in place, and ended by the function that it returns. */
  begin(): Promise<() => Promise<void>>
}

/** Made up, the same for the same options: what a row of each set must say is worked out here, apart from the program. */
export async function writeHistory(store: TenantStore, tenantId: string, options: HistoryOptions = {}): Promise<History> {
  const { machines = 24, kbs = 9, snapshots = 5, running = true, restlessness = 0.2 } = options
  const writer = new HistoryWriter(store, tenantId, restlessness)
  const hexIds = Array.from({ length: machines - ODD_MACHINES.length }, (_, index) =>
    createHash('sha1').update(`machine ${index}`).digest('hex'),
  )
  writer.machineIds = [...hexIds, ...ODD_MACHINES].sort()
  writer.kbIds = [...Array.from({ length: kbs - ODD_KBS.length }, (_, index) => String(5_000_000 + index * 37)), ...ODD_KBS]
  await writer.writeMachines()
  for (let day = 0; day < snapshots; day++) await (await writer.begin())()
  if (running) await writer.begin()
  return writer
}

const DESCRIBED = { productsNames: ['p'], url: null, cveAddressed: 3 }

const NO_COUNTS = {
  machinesUnknown: 0,
  machinesSkipped: 0,
  machinesRemoved: 0,
  missingMachines: 0,
  apiCalls: 0,
  apiThrottled: 0,
  apiRetries: 0,
  slices: 0,
  activeSeconds: 0,
  skippedStarts: 0,
  ...{ sampleMachines: null, sampleShare: null, sampleListsLike: null, sampleMoved: null, countsCompared: null, countsDiffer: null },
}

const NO_TRENDS = { Trends: [], TrendsByGroup: [], Cohorts: [] }

class HistoryWriter implements History {
  machineIds: string[] = []
  kbIds: string[] = []
  readonly snapshotIds: string[] = []
  readonly rows: History['rows'] = {
    Snapshots: [],
    Machines: [],
    Kbs: [],
    MissingKbs: [],
    Changes: [],
    KbTotals: [],
    Gaps: [],
    ...NO_TRENDS,
  }
  readonly #store: TenantStore
  readonly #tenantId: string
  readonly #restlessness: number
  readonly #intervals = new Map<string, Interval & { machineId: string }>()
  readonly #open = new Map<string, Interval & { machineId: string }>()
  readonly #everOpen = new Set<string>()
  readonly #gaps: HistoryGaps
  readonly #trends: HistoryTrends
  #day = 0

  constructor(store: TenantStore, tenantId: string, restlessness: number) {
    this.#store = store
    this.#tenantId = tenantId
    this.#restlessness = restlessness
    this.#gaps = new HistoryGaps(store)
    this.#trends = new HistoryTrends(store)
  }

  async writeMachines(): Promise<void> {
    const listed = snapshotIdOf(FIRST)
    const rows = this.machineIds.map((machineId, index) => ({
      machineId,
      computerDnsName: index % 5 === 0 ? null : `host-${index}.example`,
      osPlatform: index % 2 ? 'Windows11' : 'Windows10',
      version: '24H2',
      osBuild: null,
      rbacGroupId: '1',
      rbacGroupName: ['Servers', "Kids' PCs", ''][index % 3] || null,
      healthStatus: 'Active',
      onboardingStatus: 'Onboarded',
      lastSeen: new Date(FIRST + index * 1_234_567).toISOString(),
      firstSeen: null,
      aadDeviceId: null,
      machineTags: index % 4 === 0 ? ['a', 'b'] : [],
      lastListedSnapshotId: listed,
      wanted: true,
    }))
    await this.#store.machines.list(rows)
    this.rows.Machines = rows.map(({ rbacGroupId: _, lastListedSnapshotId: __, wanted: ___, machineTags, ...row }) => ({
      ...row,
      machineTags: machineTags.length ? machineTags.join('; ') : null,
      missing: null,
      oldestMissingAt: null,
      lastObservedSnapshotId: null,
      state: 'unknown',
    }))
  }

  async begin(): Promise<() => Promise<void>> {
    const at = FIRST + this.#day++ * DAY
    const snapshotId = snapshotIdOf(at)
    await this.#store.snapshots.write({ ...pendingSnapshot(snapshotId, 'schedule'), status: 'running' })
    const changes = this.#changeSome(snapshotId, at)
    await this.#write(snapshotId, changes)
    await this.#gaps.write(this.machineIds, snapshotId, this.#day)
    await this.#trends.write(snapshotId, this.#day)
    return () => this.#end(snapshotId, at, changes)
  }

  /** Opens and closes intervals. */
  #changeSome(snapshotId: string, at: number): Change[] {
    const changes: Change[] = []
    for (const [m, machineId] of this.machineIds.entries()) {
      for (const [k, kbId] of this.kbIds.entries()) {
        const drawn = createHash('sha1').update(`${m} ${k} ${this.#day}`).digest().readUInt32BE() / 2 ** 32
        if (drawn < this.#restlessness) changes.push(this.#toggle(machineId, kbId, snapshotId, new Date(at + 1_500 + m).toISOString()))
      }
    }
    return changes
  }

  #toggle(machineId: string, kbId: string, snapshotId: string, observedAt: string): Change {
    const pair = `${machineId} ${kbId}`
    const open = this.#open.get(pair)
    const interval = open ? this.#close(open, pair, snapshotId, observedAt) : this.#begin({ machineId, kbId }, pair, snapshotId, observedAt)
    const shown = {
      ...{ machineId, kbId, snapshotId, computerDnsName: null, osPlatform: null, rbacGroupName: null, ...DESCRIBED, kbName: `KB${kbId}` },
      ...{ observedAt, appearedSnapshotId: interval.appearedSnapshotId, replacedBy: interval.replacedBy },
      lastMissingSnapshotId: interval.lastMissingSnapshotId,
      ...{ exposedSince: interval.exposedSince, exposedAtLeast: interval.exposedAtLeast },
      ...{ reopenedAfter: null, takenOver: [], derived: interval.derived },
    }
    const { appearedReason, resolvedReason } = interval
    return resolvedReason === null
      ? { ...shown, change: 'appeared', reason: appearedReason, stillExposed: true }
      : { ...shown, change: 'resolved', reason: resolvedReason, stillExposed: interval.stillExposed }
  }

  #begin(of: { machineId: string; kbId: string }, pair: string, snapshotId: string, observedAt: string): Interval {
    const isReopened = this.#everOpen.has(pair)
    this.#everOpen.add(pair)
    const interval = {
      ...of,
      ...DESCRIBED,
      kbName: `KB${of.kbId}`,
      appearedSnapshotId: snapshotId,
      appearedReason: this.#day === 1 ? 'baseline' : isReopened ? 'reopened' : 'new',
      appearedObservedAt: observedAt,
      exposedSince: snapshotId,
      exposedAtLeast: this.#day === 1,
      derived: false,
      contains: [],
      exposedWith: [],
      ...UNRESOLVED,
    } satisfies Interval & { machineId: string }
    this.#open.set(pair, interval)
    this.#intervals.set(`${pair} ${snapshotId}`, interval)
    return interval
  }

  #close(open: Interval & { machineId: string }, pair: string, snapshotId: string, observedAt: string): Interval {
    this.#open.delete(pair)
    const isSuperseded = open.kbId.endsWith('7')
    return Object.assign(open, {
      resolvedSnapshotId: snapshotId,
      resolvedReason: isSuperseded ? 'superseded' : 'installed',
      resolvedObservedAt: observedAt,
      lastMissingSnapshotId: this.snapshotIds.at(-1) ?? '',
      replacedBy: isSuperseded ? ['6000001', '6000002'] : [],
    } as const)
  }

  async #write(snapshotId: string, changes: readonly Change[]): Promise<void> {
    const byMachine = new Map<string, (Interval & { machineId: string })[]>()
    for (const interval of this.#intervals.values()) {
      if (interval.appearedSnapshotId !== snapshotId && interval.resolvedSnapshotId !== snapshotId) continue
      byMachine.set(interval.machineId, [...(byMachine.get(interval.machineId) ?? []), interval])
    }
    for (const [machineId, changed] of byMachine) {
      const state = await this.#store.missingKbs.state(machineId)
      const rows = changed.map(({ machineId: _, ...interval }) => interval)
      await this.#store.missingKbs.commit(
        machineId,
        { snapshotId, outcome: 'observed', ...direct(''), changed: rows, resumeFrom: '{}' },
        state,
      )
    }
    await this.#store.changes.write(snapshotId, changes)
    await this.#store.kbs.write(
      this.kbIds.map((kbId) => ({
        kbId,
        kbName: `KB${kbId}`,
        productsNames: ['a', 'b'],
        url: null,
        cveAddressed: 3,
        machinesMissing: 1,
        firstSeenSnapshotId: snapshotIdOf(FIRST),
        lastSeenSnapshotId: snapshotIdOf(FIRST),
      })),
    )
    await this.#store.kbTotals.write(snapshotId, this.#totals(changes))
  }

  #totals(changes: readonly Change[]) {
    return this.kbIds.map((kbId) => ({
      kbId,
      machinesMissing: [...this.#open.values()].filter((interval) => interval.kbId === kbId).length,
      appeared: changes.filter((change) => change.kbId === kbId && change.change === 'appeared').length,
      resolved: changes.filter((change) => change.kbId === kbId && change.change === 'resolved').length,
    }))
  }

  async #end(snapshotId: string, at: number, changes: readonly Change[]): Promise<void> {
    const finishedAt = new Date(at + 600_000).toISOString()
    const appeared = changes.filter(({ change }) => change === 'appeared').length
    const isFailed = this.#day === 3
    const row: Snapshot = {
      ...pendingSnapshot(snapshotId, 'schedule'),
      phase: 'ended',
      finishedAt,
      status: isFailed ? 'failed' : 'completed',
      wanted: this.machineIds.length,
      observed: this.machineIds.length,
      listed: this.machineIds.length,
      // A failed snapshot ends before it is counted.
      ...(!isFailed && { appeared, resolved: changes.length - appeared, missingPairs: this.#open.size, missingKbs: this.kbIds.length }),
    }
    await this.#store.snapshots.write(row)
    const { etag } = await this.#store.tenant.getOrCreate({})
    await this.#store.tenant.patch({ lastEndedSnapshotId: snapshotId, lastEndedAt: finishedAt }, etag)
    this.snapshotIds.push(snapshotId)
    this.#expect(row, changes, at)
  }

  /** What the feed must show from now on. */
  #expect(row: Snapshot, changes: readonly Change[], at: number): void {
    const { snapshotId } = row
    const startedAt = snapshotStartAt(snapshotId)
    this.rows.Snapshots.push({
      snapshotId,
      tenantId: this.#tenantId,
      status: row.status,
      trigger: 'schedule',
      source: 'perMachine',
      sourceTime: null,
      startedAt,
      finishedAt: row.finishedAt,
      coverage: 1,
      assessed: row.silent === null ? null : (row.observed - row.silent) / row.wanted,
      machinesListed: row.listed,
      machinesObserved: row.observed,
      machinesSilent: row.silent,
      ...NO_COUNTS,
      appeared: row.appeared,
      resolved: row.resolved,
      missingPairs: row.missingPairs,
      missingKbs: row.missingKbs,
      ...{ errorCode: null, errorDetail: null },
    })
    this.rows.Kbs = this.kbIds.map((kbId) => ({
      kbId,
      kbName: `KB${kbId}`,
      productsNames: 'a; b',
      url: null,
      cveAddressed: 3,
      machinesMissing: 1,
      firstSeenAt: snapshotStartAt(snapshotIdOf(FIRST)),
      lastSeenAt: snapshotStartAt(snapshotIdOf(FIRST)),
    }))
    this.rows.KbTotals.push(...this.#totals(changes).map((total) => ({ snapshotId, at: startedAt, ...total })))
    this.rows.Changes.push(
      ...changes.map((change) => ({
        snapshotId,
        machineId: change.machineId,
        kbId: change.kbId,
        at: startedAt,
        change: change.change,
        reason: change.reason,
        observedAt: change.observedAt,
        appearedSnapshotId: change.appearedSnapshotId,
        firstMissingAt: snapshotStartAt(change.appearedSnapshotId),
        lastMissingAt: change.lastMissingSnapshotId ? snapshotStartAt(change.lastMissingSnapshotId) : null,
        daysMissing: change.change === 'resolved' ? days(change.appearedSnapshotId, at) : null,
        exposedSince: change.exposedSince && snapshotStartAt(change.exposedSince),
        exposedAtLeast: change.exposedAtLeast,
        daysExposed: change.change === 'resolved' ? days(change.exposedSince ?? '', at) : null,
        stillExposed: change.stillExposed,
        replacedBy: change.replacedBy.join('; ') || null,
        derived: change.derived,
      })),
    )
    this.rows.Gaps = this.#gaps.rows(at)
    Object.assign(this.rows, this.#trends.rows(snapshotId))
    this.rows.MissingKbs = [...this.#intervals.values()].map((interval) => shownInterval(interval, at))
  }
}

/** An interval as the feed shows it at an instant. */
function shownInterval(interval: Interval & { machineId: string }, at: number) {
  const isOpen = interval.resolvedSnapshotId === null
  const until = interval.resolvedSnapshotId === null ? at : Date.parse(snapshotStartAt(interval.resolvedSnapshotId))
  return {
    machineId: interval.machineId,
    kbId: interval.kbId,
    appearedSnapshotId: interval.appearedSnapshotId,
    firstMissingAt: snapshotStartAt(interval.appearedSnapshotId),
    lastMissingAt: interval.lastMissingSnapshotId && snapshotStartAt(interval.lastMissingSnapshotId),
    resolvedAt: interval.resolvedSnapshotId && snapshotStartAt(interval.resolvedSnapshotId),
    resolvedSnapshotId: interval.resolvedSnapshotId || null,
    isOpen,
    daysMissing: days(interval.appearedSnapshotId, until),
    exposedSince: interval.exposedSince && snapshotStartAt(interval.exposedSince),
    exposedAtLeast: interval.exposedAtLeast,
    daysExposed: days(interval.exposedSince ?? '', until),
    stillExposed: isOpen || interval.stillExposed,
    reason: isOpen ? interval.appearedReason : interval.resolvedReason,
    appearedReason: interval.appearedReason,
    resolvedReason: interval.resolvedReason || null,
    appearedObservedAt: interval.appearedObservedAt,
    resolvedObservedAt: interval.resolvedObservedAt || null,
    replacedBy: interval.replacedBy.join('; ') || null,
    derived: interval.derived,
    contains: interval.contains.join('; ') || null,
  }
}

const days = (from: string, to: number) => Math.floor((to - Date.parse(snapshotStartAt(from))) / DAY)
