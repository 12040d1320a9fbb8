import { app, output } from '@azure/functions'

app.timer('extra', {
  schedule: '0 * * * * *',
  extraOutputs: [output.storageQueue({ queueName: 'messages', connection: 'AzureWebJobsStorage' })],
  handler: () => undefined,
})
