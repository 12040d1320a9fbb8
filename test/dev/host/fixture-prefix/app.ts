import { app } from '@azure/functions'

export const started: string[] = []

/** An app with its own `host.json`, and with hooks and a schedule that are read late. */
app.http('hello', { methods: ['GET'], authLevel: 'anonymous', handler: () => ({ body: started.join() }) })
app.timer('late', { schedule: '%FIXTURE_SCHEDULE%', handler: () => undefined })
app.hook.appStart(async () => {
  await Promise.resolve()
  started.push('first')
})
const unwanted = app.hook.appStart(() => {
  started.push('unwanted')
})
unwanted.dispose()
app.hook.appStart(() => {
  started.push('second')
})
app.hook.preInvocation((context) => {
  context.invocationContext.log('a secret')
  context.functionHandler = () => ({ body: `replaced after ${started.join()}` })
})
app.hook.log((context) => {
  context.message = context.message.replace('secret', '***')
})
