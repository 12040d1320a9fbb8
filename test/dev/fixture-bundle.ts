import { app } from '@azure/functions'

/** A function that needs a large package only when it is called. */
app.http('credential', {
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async () => {
    const { DefaultAzureCredential } = await import('@azure/identity')
    return { body: typeof new DefaultAzureCredential().getToken === 'function' ? 'DefaultAzureCredential' : '' }
  },
})
