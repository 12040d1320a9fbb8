import { app } from '@azure/functions'

app.http('twice', { route: 'a', handler: () => ({}) })
app.http('twice', { route: 'b', handler: () => ({}) })
