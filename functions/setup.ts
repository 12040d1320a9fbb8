import { app } from '@azure/functions'
import { keepHeapLean } from '../src/lean-heap.ts'

keepHeapLean()

// Bodies go out while they are made. https://learn.microsoft.com/azure/azure-functions/functions-reference-node#http-streams
app.setup({ enableHttpStream: true })
