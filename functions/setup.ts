import { app } from '@azure/functions'
import { watchConnections } from '../src/edge/connection.ts'
import { keepHeapLean } from '../src/lean-heap.ts'

keepHeapLean()

// Bodies go out while they are made. https://learn.microsoft.com/azure/azure-functions/functions-reference-node#http-streams
app.setup({ enableHttpStream: true })

/** Watched from the first request on, for there is one watch a process. */
export const findConnection = watchConnections()
