import { app, type InvocationContext, output } from '@azure/functions'

/** An app whose timer sends messages and whose other functions receive them; tests say what the timer returns. */
export const state: { returned: unknown; received: { message: unknown; metadata: InvocationContext['triggerMetadata'] }[] } = {
  returned: undefined,
  received: [],
}

const connection = 'FIXTURE_STORAGE'

app.timer('tick', {
  schedule: '0 * * * * *',
  return: output.storageQueue({ queueName: '%FIXTURE_QUEUE%', connection }),
  handler: () => state.returned,
})
app.storageQueue('slice', {
  queueName: '%FIXTURE_QUEUE%',
  connection,
  handler: (message, context) => {
    state.received.push({ message, metadata: context.triggerMetadata })
    if (message === 'fail') throw new Error('failed on purpose')
  },
})
app.storageQueue('relay', {
  queueName: 'relay',
  connection,
  return: output.storageQueue({ queueName: '%FIXTURE_QUEUE%', connection }),
  handler: (message) => message,
})
