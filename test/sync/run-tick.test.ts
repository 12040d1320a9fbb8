import { expect, it } from 'vitest'
import { runTick } from '../../src/sync/index.ts'
import { startScriptedWorld } from '../support/scripted-world.ts'

it('the timer says once what looks wrong in the configuration', async () => {
  const { another, log } = await startScriptedWorld({ SYNC_SCHEDUEL: '0 0 4 * * *', SYNC_LEASE_SECONDS: '30' })
  const services = another()
  const program = { kind: 'ready', services, outside: services.outside, reported: false } as const
  await runTick(program)
  await runTick(program)
  const warnings = log.filter(({ event }) => event === 'configuration.warning').map(({ fields }) => fields)
  expect(warnings).toMatchObject([{ setting: 'SYNC_LEASE_SECONDS' }, { setting: 'SYNC_SCHEDUEL' }])
})
