import { app } from '@azure/functions'

app.http('one', { methods: ['GET', 'POST'], route: 'Same/{id}', handler: () => ({}) })
app.http('two', { methods: ['POST'], route: 'same/{id}', handler: () => ({}) })
