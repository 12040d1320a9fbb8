import { expect, test } from 'vitest'
import { contradictions, type Witnessed } from '../../../dev/start/contradictions.ts'
import { askedAt, faultsOf, NO_OUTAGE, outageOf, statusIn } from '../../../dev/start/outage.ts'
import { REFERENCE, simulate } from '../simulator/client.ts'

const ids = Array.from({ length: 120 }, (_, index) => `machine-${String(index).padStart(3, '0')}`)

test('some machines are struck in one week, each by one fault, and none in the others', () => {
  const outage = outageOf(2, ids)
  expect([...outage].map(([machineId]) => [machineId, statusIn(outage, machineId)])).toEqual([
    ['machine-000', 502],
    ['machine-050', 404],
    ['machine-100', 502],
  ])
  expect(faultsOf(outage)).toEqual({
    html502: { machineIds: ['machine-000', 'machine-100'] },
    notFoundForever: { machineIds: ['machine-050'] },
  })
  expect([0, 1, 3, 7].map((week) => outageOf(week, ids).size)).toEqual([0, 0, 0, 0])
  expect(faultsOf(NO_OUTAGE)).toEqual({ html502: false, notFoundForever: false })
})

test('machines that are no Windows, or not onboarded, are not to be asked', async () => {
  const simulator = await simulate({ machines: 400 })
  const listed = simulator.listed(REFERENCE)
  const asked = new Set(askedAt(simulator, REFERENCE))
  const leftOut = listed.filter(({ id }) => !asked.has(id))
  const isAsked = ({ osPlatform, onboardingStatus }: (typeof listed)[number]) =>
    /^Windows/.test(osPlatform) && onboardingStatus === 'Onboarded'
  expect(leftOut).toEqual(listed.filter((machine) => !isAsked(machine)))
  expect(new Set(leftOut.map(({ onboardingStatus }) => onboardingStatus))).toEqual(new Set(['Onboarded', 'CanBeOnboarded']))
})

test('the simulated Defender says of the struck what the outage says, and answers for the others', async () => {
  const simulator = await simulate({ machines: 120 })
  const asked = askedAt(simulator, REFERENCE)
  expect(asked.length).toBeGreaterThan(60)
  expect(asked.length).toBeLessThan(simulator.truth(REFERENCE).size)
  const outage = outageOf(2, asked)
  simulator.setFaults(faultsOf(outage))
  const statusOf = async (machineId: string) => (await simulator.get(`/api/machines/${machineId}/getmissingkbs`)).status
  for (const machineId of [...outage.keys(), ...asked.slice(1, 4)])
    expect(await statusOf(machineId), machineId).toBe(statusIn(outage, machineId) ?? 200)
  simulator.setFaults(faultsOf(NO_OUTAGE))
  for (const machineId of outage.keys()) expect(await statusOf(machineId)).toBe(200)
})

const machines = { listed: 5, observed: 3, silent: 0, unknown: 1, skipped: 0, removed: 0 }

/** Of four machines the second is struck, and the last one leaves while the snapshot is taken. */
const right: Witnessed = {
  snapshot: { status: 'incomplete', coverage: 0.75, machines },
  unknown: [{ machineId: 'b', status: 502 }],
  observed: new Set(['a', 'c', 'd']),
  askedFirst: ['a', 'b', 'c', 'd'],
  askedLast: new Set(['a', 'b', 'c']),
  outage: new Map([['b', 'html502']]),
}
const complete = { status: 'completed', coverage: 1, machines: { ...machines, unknown: 0 } } as const

test.each<[string, Partial<Witnessed>, string[]]>([
  ['all as told', {}, []],
  ['observed all the same before it left', { observed: new Set(['a', 'c']) }, []],
  [
    'unknown since it left',
    {
      unknown: [...right.unknown, { machineId: 'd', status: 404 }],
      snapshot: { ...right.snapshot, machines: { ...machines, unknown: 2 } },
    },
    [],
  ],
  ['another cause', { unknown: [{ machineId: 'b', status: 404 }] }, ['b is unknown by HTTP 404, and must be unknown by HTTP 502']],
  ['no status', { unknown: [{ machineId: 'b', status: null }] }, ['b is unknown by HTTP nothing, and must be unknown by HTTP 502']],
  ['unknown without cause', { outage: NO_OUTAGE }, ['b is unknown by HTTP 502, and must be observed']],
  ['struck and observed', { unknown: [], snapshot: complete }, ['b is observed, and must be unknown by HTTP 502']],
  ['forgotten', { observed: new Set(['a']) }, ['c is neither observed nor unknown']],
  [
    'not to be asked',
    {
      unknown: [...right.unknown, { machineId: 'x', status: 404 }],
      snapshot: { ...right.snapshot, machines: { ...machines, unknown: 2 } },
    },
    ['x was not to be asked'],
  ],
  ['completed', { snapshot: { ...right.snapshot, status: 'completed' } }, ['it is completed, and must be incomplete']],
  ['failed', { snapshot: { ...right.snapshot, status: 'failed' } }, ['it is failed, and must be incomplete']],
  ['full coverage', { snapshot: { ...right.snapshot, coverage: 1 } }, ['its coverage is 1 with 1 unknown machine']],
  ['miscounted', { snapshot: { ...right.snapshot, machines: { ...machines, unknown: 3 } } }, ['it counts 3 unknown, and lists 1 machine']],
])('a snapshot with a machine that is %s', (_, changed, expected) => {
  expect(contradictions({ ...right, ...changed })).toEqual(expected)
})
