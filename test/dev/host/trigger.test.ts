import { expect, test } from 'vitest'
import { readTrigger } from '../../../dev/host/trigger.ts'

const registered = (name: string, binding: Record<string, unknown>) => ({
  metadata: { name, bindings: { trigger: binding } },
  callback: () => undefined,
})
const http = (route?: string) => ({
  type: 'httpTrigger',
  authLevel: 'function',
  methods: ['get'],
  ...(route === undefined ? {} : { route }),
})

test('a route defaults to the function name, behind the prefix', () => {
  expect(readTrigger(registered('health', http()), 'api')).toMatchObject({ route: 'api/health', methods: ['GET'] })
  expect(readTrigger(registered('health', http('x/{id}')), '')).toMatchObject({ route: 'x/{id}' })
})

test.each(['admin', 'administrators', 'Runtime/x'])('the route %s belongs to the host', (route) => {
  expect(() => readTrigger(registered('f', http(route)), 'api')).toThrow('conflicts with routes of the host')
})

test.each(['', '1f', 'a.b', 'a'.repeat(129)])('the name "%s" is refused', (name) => {
  expect(() => readTrigger(registered(name, http()), 'api')).toThrow('is not a valid function name')
})

test('a schedule that cannot be read is refused', () => {
  expect(() => readTrigger(registered('t', { type: 'timerTrigger', schedule: '0 99 * * * *' }), 'api')).toThrow('"0 99 * * * *"')
})
