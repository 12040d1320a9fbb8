import { statusOf, type Answer } from '../answer.ts'
import { breakOnTheWay, spoilOnTheWayBack } from '../gate.ts'
import type { RequestLog } from '../request-log.ts'
import { serve, type Received, type RunningServer } from '../server.ts'
import { Addresses, type Found } from './addresses.ts'
import { answerFile, type FilesOwner } from './file-route.ts'

interface FileOriginSetting {
  seed: number
  now: () => number
  /** Of requests that are about no tenant. */
  log: RequestLog
}

/** A storage account, another origin than the API, from which the files of exports are fetched. */
export async function startFileOrigin(setting: FileOriginSetting): Promise<RunningServer & { addresses: Addresses<FilesOwner> }> {
  const addresses = new Addresses<FilesOwner>(setting.seed)
  return { ...(await serve(0, (request) => answer(request, addresses, setting))), addresses }
}

function answer({ method, url, headers }: Received, addresses: Addresses<FilesOwner>, { now, log }: FileOriginSetting): Answer {
  const at = now()
  const found: Found<FilesOwner> = method === 'GET' ? addresses.find(url) : { kind: 'unknown' }
  const published = found.kind === 'unknown' ? undefined : found.published
  const hasToken = headers.authorization !== undefined
  const given = onTheWay(found, hasToken, at)
  const of = published ? { file: published.file.name, generatedAt: published.file.generatedAt } : {}
  const own = published?.owner.requests ?? log
  own.add({ at, method, path: url.pathname + url.search, route: 'file', ...of, hasToken, status: statusOf(given) })
  return given
}

function onTheWay(found: Found<FilesOwner>, hasToken: boolean, now: number): Answer {
  if (found.kind !== 'found') return answerFile(found, hasToken, now)
  const { owner, file } = found.published
  const call = { route: 'file', subject: file.name, now, target: '' } as const
  return breakOnTheWay(call, owner.faults) ?? spoilOnTheWayBack(call, answerFile(found, hasToken, now), owner.faults)
}
