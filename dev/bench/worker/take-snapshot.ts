import { setTimeout } from 'node:timers/promises'
import { tick } from '../../../src/sync/index.ts'
import type { Answer } from './job.ts'
import { openServices } from './services.ts'

/** The schedule of the worker's settings starts a snapshot every second: a tick is idle only within the second of the last start. */
const START_EVERY_MS = 1000

export async function takeSnapshot(): Promise<Answer<'takeSnapshot'>> {
  const services = openServices()
  let startedAt = performance.now()
  for (let ticks = 1; ; ticks++) {
    const result = await tick(services)
    if (result.kind === 'ended') return { milliseconds: performance.now() - startedAt, status: result.status, ticks }
    if (result.kind === 'idle') {
      await setTimeout(START_EVERY_MS)
      startedAt = performance.now()
    } else if (result.kind !== 'more' || result.stop.kind !== 'deadline') {
      throw new Error(`the snapshot does not go on: ${JSON.stringify(result)}`)
    }
  }
}
