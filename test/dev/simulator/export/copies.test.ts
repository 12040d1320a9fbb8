import { crc32, gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changeOf, shiftBy } from '../../../../dev/simulator/export/checksum.ts'
import { dnsNameOf } from '../../../../dev/simulator/machine-wire.ts'
import { DAY } from '../../../../dev/simulator/time.ts'
import { REFERENCE } from '../client.ts'
import { idOf, kbsByMachine, rowsIn, textsOf, worldOf } from './exporting.ts'

const FLEET = { machines: 90, copiesOf: 20, export: { rowsPerMachine: 40 } }

describe('copies of machines', () => {
  test('are machines of their own, which are and do what their originals do', () => {
    const { fleet } = worldOf(FLEET)
    const machines = fleet.existing(REFERENCE)
    expect(new Set(machines.map(({ machineId }) => machineId)).size).toBe(machines.length)
    expect(new Set(machines.map(dnsNameOf)).size).toBeGreaterThan(machines.length - 10)
    for (const at of [REFERENCE, REFERENCE + 40 * DAY]) {
      for (const copy of fleet.existing(at).slice(20)) {
        const original = fleet.existing(at).find(({ number }) => number === copy.index) ?? expect.fail()
        const { machineId, number, ...same } = copy
        expect([machineId, number]).not.toEqual([original.machineId, original.number])
        expect(same).toMatchObject({ index: original.index, life: original.life, habit: original.habit })
        expect(fleet.missing(copy, at)).toEqual(fleet.missing(original, at))
      }
    }
  })

  test('have in an export, however fast it is made, the rows that are their own', async () => {
    const world = worldOf(FLEET)
    expect(world.exports.copiedMembers(REFERENCE)).toBeDefined()
    const fast = await textsOf(world, REFERENCE)
    // A rule that is struck, and here without effect, makes it the slow way.
    const slow = await textsOf(world, REFERENCE, { fileBusy: {} })
    expect(fast).toEqual(slow)
    const rows = [...fast.values()].flatMap(rowsIn)
    expect(new Set(rows.map(idOf))).toEqual(new Set(world.exports.exported(REFERENCE).machines.keys()))
    for (const row of rows) expect(row.DeviceName ?? null).toBe(dnsNameOf(world.fleet.find(idOf(row)) ?? expect.fail()))
  })

  test('are made the slow way where one differs from its original, and right', async () => {
    const { planted, exports, fleet } = worldOf({ ...FLEET, disagreements: { more: { rate: 0.3 } } })
    const [one] = planted.ledger(exports.latest(REFERENCE), fleet)
    const rows = [...(await textsOf({ planted, exports, fleet }, REFERENCE)).values()].flatMap(rowsIn)
    expect(one?.more.length).toBe(1)
    expect(kbsByMachine(rows).get(one?.machineId ?? '')).toContain(one?.more[0])
  })

  test('inflate with their checksums, as one file of many members', async () => {
    const { exports, fleet } = worldOf(FLEET)
    const members = exports.copiedMembers(REFERENCE) ?? expect.fail()
    const [made, empty] = [[] as Buffer[], [] as string[]]
    for (const machine of fleet.existing(exports.latest(REFERENCE))) {
      const member = await members.of(machine)
      if (member) made.push(member)
      else empty.push(machine.machineId)
    }
    expect(Math.min(made.length, empty.length)).toBeGreaterThan(5)
    const spoilt = Buffer.from(made[0] ?? expect.fail())
    spoilt.writeUInt8(spoilt.readUInt8(30) ^ 1, 30)
    expect(() => gunzipSync(spoilt)).toThrow('incorrect data check')
    expect(rowsIn(gunzipSync(Buffer.concat(made)).toString()).length).toBeGreaterThan(1_000)
  })
})

test('the checksum of a text that is changed in places follows from the change alone', () => {
  const texts = fc.array(fc.string({ minLength: 0, maxLength: 30, unit: 'binary-ascii' }), { minLength: 2, maxLength: 6 })
  const pairs = fc.integer({ min: 1, max: 40 }).chain((length) => {
    const text = fc.string({ minLength: length, maxLength: length, unit: 'binary-ascii' })
    return fc.tuple(text, text)
  })
  fc.assert(
    fc.property(texts, pairs, (between, [before, after]) => {
      const [one, other] = [between.join(before), between.join(after)]
      let shift = 0
      for (let at = between[0]?.length ?? 0, next = 1; next < between.length; next++) {
        shift ^= shiftBy(one.length - at - before.length)
        at += before.length + (between[next]?.length ?? 0)
      }
      expect((crc32(one) ^ changeOf(before, after, shift)) >>> 0).toBe(crc32(other))
    }),
    { numRuns: 200 },
  )
})
