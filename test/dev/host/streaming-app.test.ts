import { expect, test } from 'vitest'
import { describeServing, serving } from './serving.ts'

const state = serving('./fixture-streaming-app.ts')
describeServing(state)

test('the first line of a stream arrives while the handler still makes the second', async () => {
  const response = await fetch(`${state.url}/api/lines`)
  expect(response.headers.get('content-type')).toBe('application/x-ndjson')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader?.read())?.value).toBe('{"line":1}\n')
  const pass = await state.gate('lines')
  pass()
  expect((await reader?.read())?.value).toBe('{"line":2}\n')
  expect((await reader?.read())?.done).toBe(true)
})

test('a handler that returns nothing is a 500 here, where the real host would hang', async () => {
  expect((await fetch(`${state.url}/api/nothing`)).status).toBe(500)
  expect(state.log.at(-1)?.message).toContain('The handler returned nothing')
})

test('several cookies stay several headers', async () => {
  expect((await fetch(`${state.url}/api/cookies`)).headers.getSetCookie()).toEqual(['a=1', 'b=2'])
})
