import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ExportedById } from '../../src/sync/export/exported-by-id.ts'

const machine = (machineId: string) => ({ machineId, osVersion: null, reportedAt: null, rbacGroupName: null, kbs: [] })
const ids = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{1,3}$/), { maxLength: 30 }).map((list) => list.sort())

it('finds each machine that an export has, in the order of ids, and no other', async () => {
  await fc.assert(
    fc.asyncProperty(ids, ids, async (exported, asked) => {
      let read = 0
      async function* machines() {
        for (const machineId of exported) {
          read++
          yield await Promise.resolve(machine(machineId))
        }
      }
      const found = new ExportedById(machines())
      for (const machineId of asked) expect((await found.find(machineId))?.machineId === machineId).toBe(exported.includes(machineId))
      const last = asked.at(-1)
      // No further than the first behind the one that was asked for last.
      if (last !== undefined) expect(read).toBe(Math.min(exported.length, exported.filter((id) => id < last).length + 1))
      await found.close()
    }),
  )
})
