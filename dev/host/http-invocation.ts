import { randomUUID } from 'node:crypto'
import type { FoundRoute } from './find-route.ts'
import type { HttpData, TypedData } from './core-api.ts'
import { logFailure } from './host-log.ts'
import { collect, emptyResponse, type HostRequest, type HostResponse } from './host-request.ts'
import { type InvocationHost, type InvocationOutcome, invocationRequest, invoke } from './invocation.ts'
import type { StreamProxy } from './stream-proxy.ts'

/** Invokes an HTTP function. Rejects with what the handler threw. With `proxy`, request and response bodies are streams. */
export async function invokeHttpFunction(
  host: InvocationHost,
  { appFunction, values }: FoundRoute,
  request: HostRequest,
  proxy: StreamProxy | undefined,
): Promise<HostResponse> {
  const invocationId = randomUUID()
  const metadata: Record<string, TypedData> = {
    Query: { json: JSON.stringify(queryOf(request.url)) },
    Headers: { json: JSON.stringify(request.headers) },
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { string: value }])),
  }
  if (proxy) {
    const invocation = invoke(host, appFunction, invocationRequest(appFunction, invocationId, { http: {} }, metadata))
    return proxy.forward(invocationId, request, invocation, (error) => logFailure(host.log, appFunction.name, error))
  }
  const data = { http: await rpcRequest(request, values) }
  return rpcResponse(await invoke(host, appFunction, invocationRequest(appFunction, invocationId, data, metadata)))
}

async function rpcRequest({ method, url, headers, body }: HostRequest, values: Record<string, string>): Promise<HttpData> {
  const bytes = await collect(body)
  return {
    method,
    url: url.href,
    nullableHeaders: nullable(headers),
    nullableQuery: nullable(queryOf(url)),
    nullableParams: nullable(values),
    ...(bytes.length > 0 ? { body: { bytes } } : {}),
  }
}

/** One value per query parameter; the host joins repeated ones by a comma. */
function queryOf(url: URL): Record<string, string> {
  const names = new Set(url.searchParams.keys())
  return Object.fromEntries([...names].map((name) => [name, url.searchParams.getAll(name).join(',')]))
}

function nullable(values: Record<string, string>): Record<string, { value: string }> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]))
}

function rpcResponse({ response }: InvocationOutcome): HostResponse {
  const http = response.returnValue?.http
  if (!http) return emptyResponse(204)
  if (http.cookies?.length) throw new Error('The local host sends cookies only with app.setup({ enableHttpStream: true }).')
  const { bytes, string, json } = http.body ?? {}
  return { status: Number(http.statusCode ?? 200), headers: new Headers(http.headers), body: Buffer.from(bytes ?? string ?? json ?? '') }
}
