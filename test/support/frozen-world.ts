import { openTenant } from '../../src/open-tenant.ts'
import { activateSnapshot } from '../../src/domain/index.ts'
import { simulatedClock, type SimulatedClock } from '../../dev/simulated-clock.ts'
import type { SimulatorOptions } from '../../dev/simulator/index.ts'
import type { Environment } from '../../src/config/index.ts'
import { MINUTE, REFERENCE, startWorld, takeSnapshot, type World, type WorldOptions, type WorldServices } from './world.ts'

/**
 * A world in which Defender's own time stands still for each snapshot: its answers are the same however long a snapshot takes, and
 * what it knows at that time is exactly what must be found.
 */
export interface FrozenWorld {
  world: World
  /** Defender's time. */
  frozen: { at: number }
}

export async function startFrozenWorld(
  options: Partial<SimulatorOptions> & Pick<WorldOptions, 'tables' | 'script' | 'atEnd'>,
): Promise<FrozenWorld> {
  const frozen = { at: REFERENCE }
  return { world: await startWorld({ ...options, environment: NO_SCHEDULE, now: () => frozen.at }), frozen }
}

/** Snapshots are asked for, so that each starts at the same second in every run. */
const NO_SCHEDULE = { SYNC_SCHEDULE: '0 0 0 1 1 *' }

export interface Run {
  services: WorldServices
  clock: SimulatedClock
}

/** A program of its own over tables of its own, on a clock of its own. */
export async function startRun({ world }: FrozenWorld, prefix: string, environment: Environment = {}): Promise<Run> {
  const clock = simulatedClock(REFERENCE)
  const services = await world.another({ environment: { ...environment, TABLE_PREFIX: prefix }, clock })
  await openTenant(services).store.tenant.getOrCreate({ scheduledThrough: new Date(REFERENCE).toISOString() })
  return { services, clock }
}

/** Asks for a snapshot at an instant, and moves the clock there; Defender's time too. */
export async function begin({ frozen }: FrozenWorld, run: Run, at: number): Promise<void> {
  const { store } = openTenant(run.services)
  frozen.at = at
  run.clock.set(at)
  const read = await store.tenant.get()
  if (read) await store.tenant.patch(activateSnapshot(read.tenant, 'manual', at, run.services.config.source.kind), read.etag)
  run.clock.advance(MINUTE)
}

/** Begins a snapshot and takes it to its end; its id. */
export async function snapshotAt(frozenWorld: FrozenWorld, run: Run, at: number): Promise<string> {
  await begin(frozenWorld, run, at)
  return takeSnapshot(run.services, run.clock)
}
