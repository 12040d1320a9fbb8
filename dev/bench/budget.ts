import type { SimulatedClock } from '../simulated-clock.ts'
import { durationOf, grouped } from '../start/text.ts'
import { localTime } from '../../src/defender/budget/index.ts'
import { oneTenantOf } from '../one-tenant.ts'
import { createProgram, type OneTenantServices } from '../../src/program.ts'
import { tick } from '../../src/sync/index.ts'
import { fakeDefender } from './fake-defender.ts'
import type { Figure, Report } from './figure.ts'
import { leastTimes, violations } from './least-times.ts'
import { startTablesProcess } from './processes.ts'
import { sharedClock } from './shared-clock.ts'
import { settingsFor } from './worlds.ts'
import { TENANT_ID } from './write-history.ts'
import { quietLog } from '../quiet-log.ts'

const MACHINES = 10_000
const MINUTE_MS = 60_000
const WINDOWS = [
  { milliseconds: MINUTE_MS, calls: 50 },
  { milliseconds: 60 * MINUTE_MS, calls: 1_500 },
] as const
const START = Date.parse('2026-05-18T02:00:00Z')
/** The schedule below, a day later. */
const NEXT_START = START + 24 * 60 * MINUTE_MS + MINUTE_MS

/** Two snapshots within Defender's quota, ticking every minute of a simulated clock: how much of the quota they use, and what they are billed for. */
export async function measureBudget(report: Report): Promise<Figure[]> {
  report(
    `${grouped(MACHINES)} machines under ${WINDOWS[0].calls} calls a minute and ${grouped(WINDOWS[1].calls)} an hour, in simulated time: a first snapshot, then an unchanged one`,
  )
  const { first, unchanged } = await takeTwo()
  return [...callFigures(first), ...timeFigures(first), perMachine('first', first), perMachine('unchanged', unchanged)]
}

function callFigures({ sentAtMs }: Taken): Figure[] {
  const lastSentMs = Math.max(...sentAtMs) - Math.min(...sentAtMs)
  const allowed = leastTimes(2 * MACHINES, WINDOWS).filter((at) => at <= lastSentMs).length
  const beyond = violations(sentAtMs, WINDOWS)
  return [
    {
      what: 'calls made within the quota, against those allowed up to the last one',
      measured: grouped(sentAtMs.length),
      against: grouped(allowed),
      ratio: sentAtMs.length / allowed,
      target: 'at least 0.98',
    },
    {
      what: 'calls beyond the quota, in any window, against calls made',
      measured: grouped(beyond),
      against: grouped(sentAtMs.length),
      ratio: beyond / sentAtMs.length,
      target: '0',
    },
  ]
}

function timeFigures({ sentAtMs, billedMs, endedAt }: Taken): Figure[] {
  const leastMs = leastTimes(2 * MACHINES, WINDOWS)[sentAtMs.length - 1] ?? 0
  const shown = (milliseconds: number) => durationOf(milliseconds / 1000)
  const againstLeast = (what: string, milliseconds: number, target?: string): Figure => ({
    what,
    measured: shown(milliseconds),
    against: shown(leastMs),
    ratio: milliseconds / leastMs,
    ...(target !== undefined && { target }),
  })
  return [
    againstLeast('time to complete, against the least possible', endedAt - Math.min(...sentAtMs)),
    againstLeast('billed time (inside ticks), against one run that sleeps for its quota', billedMs, 'at most 0.05'),
  ]
}

const perMachine = (kind: string, { transactions, ticks }: Taken): Figure => ({
  what: `table transactions of the ${kind} snapshot, in ${grouped(ticks)} ticks, per machine`,
  measured: grouped(transactions),
  against: `${grouped(MACHINES)} machines`,
  ratio: transactions / MACHINES,
})

interface Taken {
  sentAtMs: readonly number[]
  billedMs: number
  endedAt: number
  ticks: number
  transactions: number
}

async function takeTwo(): Promise<{ first: Taken; unchanged: Taken }> {
  const tables = await startTablesProcess()
  try {
    const clock = sharedClock(START)
    const { defender, sentAtMs } = fakeDefender(MACHINES, clock)
    const services = { ...openServices(tables.connectionString, clock), defender }
    const takeCounted = async (): Promise<Taken> => {
      const before = await tables.counts()
      const callsBefore = sentAtMs.length
      const taken = await takeWithinQuota(services, clock)
      return { ...taken, sentAtMs: sentAtMs.slice(callsBefore), transactions: (await tables.counts()).transactions - before.transactions }
    }
    const first = await takeCounted()
    clock.advance(NEXT_START - clock.now())
    return { first, unchanged: await takeCounted() }
  } finally {
    await tables.close()
  }
}

async function takeWithinQuota(services: OneTenantServices, clock: SimulatedClock) {
  let billedMs = 0
  for (let ticks = 1; ; ticks++) {
    const tickedAt = clock.now()
    const result = await tick(services)
    billedMs += clock.now() - tickedAt
    if (result.kind === 'ended') return { billedMs, endedAt: clock.now(), ticks }
    clock.advance(MINUTE_MS - (clock.now() % MINUTE_MS))
  }
}

function openServices(connectionString: string, clock: SimulatedClock) {
  const [minute, hour] = WINDOWS
  const environment = {
    ...settingsFor(connectionString, TENANT_ID),
    SYNC_CALLS_PER_MINUTE: String(minute.calls),
    SYNC_CALLS_PER_HOUR: String(hour.calls),
    SYNC_SLICE_SECONDS: '45',
    SYNC_LEASE_SECONDS: '90',
    SYNC_SCHEDULE: '0 1 2 * * *',
  }
  const program = createProgram(environment, { clock, budgetTime: localTime(clock), random: () => 0.5, log: quietLog })
  return oneTenantOf(program)
}
