import { expect, test, vi } from 'vitest'
import { serving } from './serving.ts'

const state = serving('./fixture-streaming-app.ts', { activityTimeoutMs: 100 })

test('a stream that fails in the middle is logged, and breaks off when the host has waited for more in vain, as the real one', async () => {
  const response = await fetch(`${state.url}/api/breaks`)
  expect(response.status).toBe(200)
  const body = expect(response.text()).rejects.toThrow()
  const pass = await state.gate('breaks')
  pass()
  await body
  const logged = await vi.waitUntil(() => state.log.find(({ functionName }) => functionName === 'breaks'))
  expect(logged).toMatchObject({ level: 'error', message: expect.stringContaining('broke in the middle') as string })
})
