import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { patiently } from '../../infra/hooks/patiently.mjs'
import { createAz } from '../../infra/hooks/az.mjs'
import { FakeTools, fakeWorld, says } from './fake-az.ts'

/** Whether a process is there and not merely unburied. */
function lives(id: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', `${id}`], { encoding: 'utf8' })
      .trim()
      .startsWith('Z')
  } catch {
    return false
  }
}

/** The end that a signal brings is not at once to be seen. */
const allGone = (tools: FakeTools) => vi.waitFor(() => expect(tools.hanging().filter(lives)).toEqual([]), 30_000)

test('an az that hangs is ended together with what it has started', async () => {
  const tools = new FakeTools([['version', { hangs: true }]])
  const answer = await createAz(tools.env, process.platform, tools.limit)(['version'])
  expect(answer).toEqual({ ok: false, reason: 'timedOut', text: 'az gave no answer within 3 minutes' })
  expect(tools.hanging()).toHaveLength(1)
  await allGone(tools)
})

test('az that ends without a word is told by its exit code', async () => {
  const { world } = fakeWorld([['version', { exits: 3 }]], {})
  expect(await world.az(['version'])).toEqual({ ok: false, reason: 'other', text: 'az ended with the exit code 3, and said nothing' })
})

test.each([
  ['once more', [{ hangs: true }, says('1')], 2, true],
  ['and no third time', [{ hangs: true }, { hangs: true }, says('1')], 2, false],
] as const)('what hangs is asked %s', async (_, [first, ...others], calls, isAnswered) => {
  const { world, tools, waitedSeconds } = fakeWorld([['version', first, ...others]], {})
  const answer = await patiently(world, ['throttled'], 'It', () => world.az(['version']))
  expect(answer.ok).toBe(isAnswered)
  expect(tools.calls()).toHaveLength(calls)
  expect(waitedSeconds()).toBe(5)
})

test('Ctrl+C ends az with the hook', async () => {
  const tools = new FakeTools([['account show', { hangs: true }]])
  const hook = fileURLToPath(new URL('../../infra/hooks/preprovision.mjs', import.meta.url))
  const child = spawn(process.execPath, [hook], { env: tools.env, stdio: 'ignore' })
  const forget = tools.limit(() => child.kill('SIGINT'))
  expect(await once(child, 'exit')).toEqual([null, 'SIGINT'])
  forget()
  await allGone(tools)
})
