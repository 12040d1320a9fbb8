import { describe, expect, it } from 'vitest'
import { eachAtOnce } from '../src/each-at-once.ts'
import { gate } from './support/scripted-world.ts'

describe('working on items so many at once', () => {
  it('takes each once, never more than that many at a time', async () => {
    const done: number[] = []
    let under = 0
    let most = 0
    await eachAtOnce(Array.from({ length: 20 }, (_, index) => index).values(), 3, async (item) => {
      most = Math.max(most, ++under)
      await Promise.resolve()
      under -= 1
      done.push(item)
    })
    expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index))
    expect(most).toBe(3)
  })

  it('begins nothing after an error, and throws it when all that was under way is over', async () => {
    const slow = gate()
    const begun: number[] = []
    const over: number[] = []
    const working = eachAtOnce([1, 2, 3, 4].values(), 2, async (item) => {
      begun.push(item)
      if (item === 1) throw new Error('broken')
      await slow.opened
      over.push(item)
    })
    await new Promise(setImmediate)
    slow.open()
    await expect(working).rejects.toThrow('broken')
    expect([begun, over]).toEqual([[1, 2], [2]])
  })

  it('stops when it is told, and closes what it reads from', async () => {
    let closed = false
    async function* items() {
      try {
        for (let item = 0; ; item++) yield item
      } finally {
        closed = true
      }
    }
    const done: number[] = []
    await eachAtOnce(items(), 1, async (item) => void done.push(item), { isStopped: () => done.length === 3 })
    expect([done, closed]).toEqual([[0, 1, 2], true])
  })
})
