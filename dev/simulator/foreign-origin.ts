import { json } from './answer.ts'
import { serve, type RunningServer } from './server.ts'

export interface ForeignRequest {
  path: string
  hasToken: boolean
}

/** An origin that is not Defender's, to which a next link may point; it remembers who came, and whether with a token. */
export async function startForeignOrigin(): Promise<RunningServer & { requests: readonly ForeignRequest[] }> {
  const requests: ForeignRequest[] = []
  const server = await serve(0, ({ url, headers }) => {
    requests.push({ path: url.pathname + url.search, hasToken: headers.authorization !== undefined })
    return json(200, { value: [] })
  })
  return { ...server, requests }
}
