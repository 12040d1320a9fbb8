import { z } from 'zod'
import { snapshotSchema, type SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import type { FunctionApp } from '../host/index.ts'
import type { SimulatedClock } from '../simulated-clock.ts'
import type { Simulator } from '../simulator/index.ts'
import type { Api } from './api.ts'
import type { Terminal } from './terminal.ts'

/** Everything that is running, for the steps of the demo. */
export interface DemoRun {
  app: FunctionApp
  /** The app's API, through the host. */
  api: Api
  clock: SimulatedClock
  simulator: Simulator
  terminal: Terminal
  signal: AbortSignal
  /** Where the API listens. */
  url: string
}

/** The newest snapshot, of whatever status; undefined before the first one. */
export async function newestSnapshot(api: Api): Promise<SnapshotShape | undefined> {
  const { snapshots } = await api.get('/api/snapshots?limit=1', z.object({ snapshots: z.array(snapshotSchema) }))
  return snapshots[0]
}
