import { app } from '@azure/functions'

app.http('fine', { handler: () => ({}) })
app.hook.appStart(() => {
  throw new Error('start hook failed')
})
