import { app } from '@azure/functions'
import { gates, registerFunctions } from './fixture-functions.ts'

export { events, gates } from './fixture-functions.ts'

/** The fixture app with HTTP streams, and functions that only make sense with them. */
app.setup({ enableHttpStream: true })
registerFunctions()
app.http('lines', {
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: () => ({ headers: { 'content-type': 'application/x-ndjson' }, body: stream(lines()) }),
})
app.http('breaks', { methods: ['GET'], authLevel: 'anonymous', handler: () => ({ body: stream(breakingLines()) }) })
app.http('cookies', {
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: () => ({
    cookies: [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ],
  }),
})

async function* lines(): AsyncGenerator<string, void> {
  yield '{"line":1}\n'
  await new Promise<void>((resolve) => gates.set('lines', resolve))
  yield '{"line":2}\n'
}

async function* breakingLines(): AsyncGenerator<string, void> {
  yield 'one\n'
  await new Promise<void>((resolve) => gates.set('breaks', resolve))
  throw new Error('broke in the middle')
}

function stream(source: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const next = await source.next()
      if (next.done) controller.close()
      else controller.enqueue(encoder.encode(next.value))
    },
  })
}
