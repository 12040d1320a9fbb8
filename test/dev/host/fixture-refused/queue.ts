import { app } from '@azure/functions'

app.storageQueue('queue', { queueName: 'q', connection: 'AzureWebJobsStorage', handler: () => undefined })
