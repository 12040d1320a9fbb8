import { app } from '@azure/functions'

app.storageBlob('blob', { path: 'container/{name}', connection: 'AzureWebJobsStorage', handler: () => undefined })
