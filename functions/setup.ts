import { app } from '@azure/functions'

// Bodies go out while they are made. https://learn.microsoft.com/azure/azure-functions/functions-reference-node#http-streams
app.setup({ enableHttpStream: true })
