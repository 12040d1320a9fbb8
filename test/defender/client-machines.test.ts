import { describe, expect, it } from 'vitest'
import { json, status } from '../support/scripted-server.ts'
import { ID, setting } from './client-setting.ts'

describe('listMachines', () => {
  const machine = (id: unknown, more: object = {}) => ({
    id,
    computerDnsName: 'pc1',
    firstSeen: '2026-01-02T03:04:05.1234567Z',
    lastSeen: '2026-03-09T03:04:05.1234567Z',
    osPlatform: 'Windows11',
    version: '23H2',
    osBuild: 22631,
    rbacGroupId: 12,
    rbacGroupName: null,
    healthStatus: 'Active',
    onboardingStatus: 'Onboarded',
    aadDeviceId: null,
    machineTags: ['b', 'a'],
    ...more,
  })

  it('reads one page, with the filter encoded', async () => {
    const { client, server } = await setting({ steps: [json({ value: [machine(ID.toUpperCase())] })] })
    expect(await client.listMachines({ top: 10, skip: 20, filter: "startswith(computerDnsName,'a&b') and x eq 'O''Brien'" })).toEqual({
      kind: 'page',
      rows: 1,
      more: false,
      machines: [
        {
          machineId: ID,
          computerDnsName: 'pc1',
          firstSeen: '2026-01-02T03:04:05.123Z',
          lastSeen: '2026-03-09T03:04:05.123Z',
          osPlatform: 'Windows11',
          version: '23H2',
          osBuild: 22631,
          rbacGroupId: '12',
          rbacGroupName: null,
          healthStatus: 'Active',
          onboardingStatus: 'Onboarded',
          aadDeviceId: null,
          machineTags: ['a', 'b'],
        },
      ],
    })
    const url = new URL(server.log[0]?.slice('START GET '.length) ?? '', server.url)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      $top: '10',
      $skip: '20',
      $filter: "startswith(computerDnsName,'a&b') and x eq 'O''Brien'",
    })
  })

  it('keeps the newest of a duplicate and drops rows without a usable id, and counts all as received', async () => {
    const rows = [
      machine(ID, { lastSeen: '2026-03-01T00:00:00Z' }),
      machine(ID, { version: 'new' }),
      machine(null),
      machine('a/b'),
      machine('x'.repeat(101)),
      { id: 'bare' },
    ]
    const { client, outside } = await setting({ steps: [json({ value: rows })] })
    expect(await client.listMachines({ top: 6, skip: 0 })).toMatchObject({
      rows: 6,
      more: true,
      machines: [
        { machineId: ID, version: 'new' },
        { machineId: 'bare', lastSeen: null, machineTags: [] },
      ],
    })
    expect(outside.lines.join()).toContain('"dropped":3')
  })

  it('says that there is more if the server makes smaller pages than asked for', async () => {
    const { client } = await setting({
      steps: [json({ value: [machine(ID)], '@odata.nextLink': 'https://elsewhere.example/' }), json({ value: [], '@odata.nextLink': 'x' })],
    })
    expect(await client.listMachines({ top: 10, skip: 0 })).toMatchObject({ rows: 1, more: true })
    expect(await client.listMachines({ top: 10, skip: 1 })).toMatchObject({ rows: 0, more: false })
  })

  it('says that there are none on a 404', async () => {
    const { client } = await setting({ steps: [json({ error: { code: 'ResourceNotFound', message: 'x' } }, 404), status(500)] })
    expect(await client.listMachines({ top: 10, skip: 0 })).toMatchObject({ kind: 'absent', fault: { status: 404 } })
    expect(await client.listMachines({ top: 10, skip: 0 })).toMatchObject({ kind: 'fault', fault: { kind: 'transient' } })
  })
})

describe('machine', () => {
  it('is read by its id', async () => {
    const { client, server } = await setting({
      steps: [json({ '@odata.context': '$metadata#Machines/$entity', id: ID, osPlatform: 'Windows10' })],
    })
    expect(await client.machine(ID)).toMatchObject({ kind: 'machine', machine: { machineId: ID, osPlatform: 'Windows10', lastSeen: null } })
    expect(server.log[0]).toBe(`START GET /api/machines/${ID}`)
  })

  it('is absent on a 404 only', async () => {
    const { client } = await setting({ steps: [status(404), status(503), json({ value: [] }), json({ id: 'another' })] })
    expect(await client.machine(ID)).toMatchObject({ kind: 'absent', fault: { status: 404, code: 'http404' } })
    expect(await client.machine(ID)).toMatchObject({ kind: 'fault', fault: { code: 'http503' } })
    expect(await client.machine(ID)).toMatchObject({ kind: 'fault', fault: { code: 'malformedBody' } })
    expect(await client.machine(ID)).toMatchObject({ kind: 'fault', fault: { code: 'malformedBody' } })
  })
})
