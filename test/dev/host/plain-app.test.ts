import { app } from '@azure/functions'
import { expect, test } from 'vitest'
import { loadFunctionApp } from '../../../dev/host/index.ts'
import { describeServing, serving } from './serving.ts'

const state = serving('./fixture-app.ts')
describeServing(state)

test('the functions are listed with their triggers', () => {
  const { functions } = state.app
  const names = functions.map(({ name }) => name.toLowerCase())
  expect(names).toEqual(names.toSorted())
  expect(functions.find(({ name }) => name === 'echo')?.trigger).toMatchObject({
    type: 'httpTrigger',
    route: 'api/echo/{id}/{rest?}',
    methods: ['GET', 'POST', 'HEAD'],
    authLevel: 'function',
  })
  expect(functions.find(({ name }) => name === 'tick')?.trigger).toEqual({ type: 'timerTrigger', schedule: '0 * * * * *' })
})

test('a handler that returns nothing is a 204', async () => {
  expect((await fetch(`${state.url}/api/nothing`)).status).toBe(204)
})

test.each([
  ['echo/1', {}, 401],
  ['echo/1?code=wrong', {}, 401],
  ['echo/1?code=e', {}, 201],
  ['echo/1?code=h', {}, 201],
  ['echo/1?code=m', {}, 201],
  ['echo/1', { 'x-functions-key': 'e' }, 201],
  ['echo/1?code=e', { 'x-functions-key': 'wrong' }, 401],
  ['locked', { 'x-functions-key': 'h' }, 401],
  ['locked', { 'x-functions-key': 'm' }, 200],
  ['files/x', {}, 200],
])('keys: %s with %o is %i', async (path, headers, status) => {
  expect((await fetch(`${state.url}/api/${path}`, { headers })).status).toBe(status)
})

test('a timer run passes the timer in camel case', async () => {
  await state.app.runTimer('tick', { isPastDue: true, scheduleStatus: { last: 'L', next: 'N', lastUpdated: 'U' } })
  expect(state.events).toContain(
    JSON.stringify({
      schedule: { adjustForDST: true },
      scheduleStatus: { last: 'L', next: 'N', lastUpdated: 'U' },
      isPastDue: true,
    }),
  )
})

test('a timer run rejects with what the handler throws, and with an unknown name', async () => {
  await expect(state.app.runTimer('brokenTick')).rejects.toThrow(new TypeError('tick is broken'))
  await expect(state.app.runTimer('echo')).rejects.toThrow('There is no timer function "echo".')
})

test('a timer does not overlap itself', async () => {
  const first = state.app.runTimer('slowTick')
  await expect(state.app.runTimer('slowTick')).rejects.toThrow('running')
  const pass = await state.gate('slowTick')
  pass()
  await first
})

test('after the start neither functions nor a second app are taken', async () => {
  expect(() => app.http('late', { handler: () => ({}) })).toThrow('A function can only be registered during app startup.')
  await expect(loadFunctionApp({ main: new URL('./fixture-app.ts', import.meta.url).href })).rejects.toThrow('loaded already')
})

test('a closing server ends what is under way, and appTerminate runs at the end', async () => {
  expect(state.events).not.toContain('appTerminate')
  const underWay = fetch(`${state.url}/api/waits/last`)
  const pass = await state.gate('last')
  const terminated = state.app.terminate()
  pass()
  expect(await (await underWay).text()).toBe('last')
  await terminated
  expect(state.events).toContain('appTerminate')
  await expect(fetch(`${state.url}/api/files/a`)).rejects.toThrow()
})
