import { vi } from 'vitest'
import { idOf, type Look } from '../../../dev/oracle/look.ts'
import { Ledger } from '../../../dev/oracle/ledger.ts'
import { pointsOfLast, type TruePoints } from '../../../dev/oracle/points.ts'
import { Sights } from '../../../dev/oracle/sight.ts'
import { simulatedClock } from '../../../dev/simulated-clock.ts'
import { type Simulator, startSimulator } from '../../../dev/simulator/index.ts'
import { startTableService } from '../../../dev/table-service/index.ts'
import { localTime } from '../../../src/defender/budget/index.ts'
import { openStore, type TenantStore } from '../../../src/store/index.ts'
import { HOST_KEY, serveApp, type ServedApp } from '../served-app.ts'
import { STORE_OPTIONS } from '../stores.ts'
import { openClient } from '../table-services.ts'
import { PAGE_KEY } from '../served-page.ts'
import { HOUR, type LogLine, MINUTE, recorder, WEEK } from '../world.ts'

/** A fleet that is served by the real app, and what is true of it, by the simulated world and not by the app. */
export interface ServedFleet {
  served: ServedApp
  /** Address of the page, to which a query is appended. */
  url: string
  key: string
  simulator: Simulator
  ledger: Ledger
  /** What each look must have found, the first one first. */
  points: TruePoints[]
  log: LogLine[]
  /** What the app keeps, to write into it past the app. */
  store: TenantStore
  /** Requests that the storage got so far. */
  requests: () => number
  /** Takes the next week's snapshot; a gateway makes errors of the answers about the first so many machines. */
  look(unknown?: number): Promise<void>
  /** Lets the next minute begin, and the app's timer with it. */
  tick(): Promise<void>
  /** Moves the time of Defender and of the app forward. */
  moveTo(at: number): void
  /** From now on a gateway makes errors of the answers about so many machines; their ids. */
  silence(machines: number): ReadonlySet<string>
  /** Tells the ledger of a snapshot that somebody asked for, once it has ended. */
  taken(look: Pick<Look, 'at' | 'unknown'>): void
  close(): Promise<void>
}

export interface FleetOptions {
  looks: number
  machines?: number
  seed?: number
  /** Machines of whose answers a gateway makes an error in the third look. */
  unknown?: number
  /** Where Defender is for the app, if not at the simulator itself. */
  defenderUrl?: (simulator: Simulator) => Promise<string>
  settings?: Record<string, string>
}

const FIRST = Date.parse('2026-03-02T02:00:00Z')
/** A seed whose fleet of 50 has a machine with neither name nor group that misses something. */
const SEED = 115

/** Serves a fleet after weekly looks; twelve reach past the Patch Tuesday of May. */
export async function serveFleet(options: FleetOptions): Promise<ServedFleet> {
  const { looks, machines = 50, seed = SEED, unknown = 0, defenderUrl = ({ url }) => Promise.resolve(url), settings } = options
  const defender = { at: FIRST }
  const clock = simulatedClock(FIRST - MINUTE)
  const tables = await startTableService()
  const simulator = await startSimulator({ seed, machines, now: () => defender.at, quota: 'none' })
  const own = {
    ...simulator.environment,
    DEFENDER_TENANT_ID: simulator.tenantId,
    DEFENDER_API_URL: await defenderUrl(simulator),
    STORAGE_CONNECTION_STRING: tables.connectionString,
    SYNC_SCHEDULE: '0 0 2 * * 1',
    SYNC_CALLS_PER_MINUTE: '100000',
    SYNC_CALLS_PER_HOUR: '1000000',
  }
  const served = await serveApp({ ...own, ...settings }, { functions: { pageData: PAGE_KEY } })
  const log: LogLine[] = []
  served.useOutside({ clock, budgetTime: localTime(clock), random: () => 0.5, log: recorder(log) })
  // Before its first tick the program knows no schedule.
  await served.app.runTimer('tick')
  const ledger = new Ledger(new Sights(simulator))
  const fleet: ServedFleet = {
    ...{ served, simulator, ledger, log, points: [] },
    url: `${served.url}/api/page/`,
    key: HOST_KEY,
    store: openStore((name) => openClient(tables.connectionString, name, STORE_OPTIONS), '').of(simulator.tenantId),
    requests: () => tables.counts().transactions,
    look: async (silencedCount = 0) => {
      fleet.moveTo(FIRST + ledger.looks.length * WEEK)
      const look = { at: defender.at, unknown: fleet.silence(silencedCount) }
      await untilEnded(fleet, idOf(look.at))
      fleet.taken(look)
    },
    tick: async () => {
      clock.set((Math.floor(clock.now() / MINUTE) + 1) * MINUTE)
      await served.app.runTimer('tick')
    },
    moveTo: (at) => {
      defender.at = at
      clock.set(at)
    },
    silence: (count) => {
      const machineIds = [...simulator.truth(defender.at).keys()].slice(0, count)
      simulator.setFaults({ html502: count > 0 && { machineIds } })
      return new Set(machineIds)
    },
    taken: (look) => {
      ledger.add({ ...look, snapshotId: idOf(look.at), manual: false, forgotten: new Set(), calls: 0, killed: false })
      fleet.points.push(pointsOfLast(ledger))
    },
    close: async () => {
      await served.app.terminate()
      vi.unstubAllEnvs()
      await Promise.all([simulator.close(), tables.close()])
    },
  }
  for (let index = 0; index < looks; index++) await fleet.look(index === 2 ? unknown : 0)
  if (looks > 0) clock.set(defender.at + 6 * HOUR)
  return fleet
}

async function untilEnded(fleet: ServedFleet, snapshotId: string): Promise<void> {
  const { served } = fleet
  await served.app.runTimer('tick')
  for (let ticks = 0; ticks < 120; ticks++) {
    const { json } = await served.call(`/api/snapshots/${snapshotId}`)
    if (json['status'] === 'completed' || json['status'] === 'incomplete') return
    await fleet.tick()
  }
  throw new Error(`${snapshotId} has not ended`)
}
