import { requestSnapshot } from '../../../src/sync/request-snapshot.ts'
import { tick } from '../../../src/sync/index.ts'
import type { Answer } from './job.ts'
import { openServices } from './services.ts'

export async function takeSnapshot(): Promise<Answer<'takeSnapshot'>> {
  const services = openServices()
  await requestSnapshot(services.store, services.config.defender.tenantId, services.outside.clock.now())
  const startedAt = performance.now()
  for (let ticks = 1; ; ticks++) {
    const result = await tick(services)
    if (result.kind === 'ended') return { milliseconds: performance.now() - startedAt, status: result.status, ticks }
    if (result.kind !== 'more' || result.stop.kind !== 'deadline') throw new Error(`the snapshot does not go on: ${JSON.stringify(result)}`)
  }
}
