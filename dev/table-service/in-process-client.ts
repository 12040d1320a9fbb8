import { setImmediate as turn } from 'node:timers/promises'
import { RestError, type TableServiceClientOptions } from '@azure/data-tables'
import type { Answer } from './answer.ts'
import type { TableRequest } from './operation.ts'

/** What the storage SDK sends its requests with. */
export type HttpClient = NonNullable<TableServiceClientOptions['httpClient']>
type PipelineRequest = Parameters<HttpClient['sendRequest']>[0]
type PipelineResponse = Awaited<ReturnType<HttpClient['sendRequest']>>

/**
 * Brings the storage SDK's requests to a service in this process without a socket: most of what a small one costs goes to sockets. A
 * connection that is cut is the error that the SDK's own client makes of it.
 */
export const inProcessClient = (handle: (request: TableRequest) => Answer | 'cut'): HttpClient => ({
  sendRequest: async (request) => {
    // As on a socket, others go on while it is on its way.
    await turn()
    return responseTo(request, handle(tableRequestOf(request)))
  },
})

function tableRequestOf({ method, url, headers, body }: PipelineRequest): TableRequest {
  const { pathname, search } = new URL(url)
  return { method, url: pathname + search, headers: headers.toJSON(), body: typeof body === 'string' ? body : '' }
}

/** As the SDK's client. https://github.com/Azure/azure-sdk-for-js/blob/main/sdk/core/ts-http-runtime/src/nodeHttpClient.ts */
function responseTo(request: PipelineRequest, answer: Answer | 'cut'): PipelineResponse {
  if (answer === 'cut') throw new RestError('socket hang up', { code: 'ECONNRESET', request })
  if (answer.brokenOffAt) throw new RestError('Error reading response as text: aborted', { code: RestError.PARSE_ERROR, request })
  return { request, status: answer.status, headers: headersOf(request, answer.headers), bodyAsText: answer.body }
}

/** Headers as the SDK has them, which exports no way to make them. */
function headersOf({ headers }: PipelineRequest, values: Readonly<Record<string, string>>): PipelineResponse['headers'] {
  const Headers = headers.constructor as new (values: Readonly<Record<string, string>>) => PipelineResponse['headers']
  return new Headers(values)
}
