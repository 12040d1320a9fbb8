import { describe, expect, it } from 'vitest'
import { comparableRows } from '../../dev/comparable-rows.ts'
import { DAY, openTablesOf, REFERENCE, startWorld } from '../support/world.ts'

const TABLES = ['tenants', 'snapshots', 'machines', 'missingkbs', 'changes202603', 'kbs', 'kbtotals', 'trends', 'kbtrends', 'names']

describe('promise 7: the token goes to the configured origin only, and no secret is logged or stored', () => {
  it('holds while Defender answers with next links to another host, errors and refusals', async () => {
    const world = await startWorld({
      machines: 20,
      environment: { SYNC_SCHEDULE: '0 0 2 * * *' },
      faults: { listForeignNextLink: {}, foreignNextLink: { rate: 0.5 }, html502: { rate: 0.1 } },
    })
    await world.tick()
    await world.snapshot()
    world.simulator.setFaults({ foreignNextLink: false, unlicensed: {} })
    world.clock.set(REFERENCE + DAY)
    await world.snapshot()
    expect(world.simulator.tokensIssued).toBeGreaterThan(0)
    expect(world.simulator.foreignRequests).toEqual([])

    const openTable = openTablesOf(world.services)
    const stored = JSON.stringify([...(await comparableRows(openTable, TABLES)).values()])
    const logged = JSON.stringify(world.log)
    const secrets = [
      ...world.issuedTokens(),
      world.simulator.environment.IDENTITY_HEADER,
      /AccountKey=([^;]+)/.exec(world.tables.connectionString)?.[1] ?? '',
    ]
    expect(secrets.length).toBeGreaterThan(2)
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(20)
      expect(stored).not.toContain(secret)
      expect(logged).not.toContain(secret)
    }
  })
})
