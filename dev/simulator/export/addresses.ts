import { createHmac } from 'node:crypto'
import { drawGuid, drawIndex } from '../draw.ts'
import { HOUR } from '../time.ts'
import type { ExportFile } from './vulnerability-exports.ts'

/** A file that somebody was given an address of. */
interface Published<Owner> {
  owner: Owner
  file: ExportFile
}

interface Period {
  /** Epoch ms. */
  from: number
  to: number
}

export type Found<Owner> =
  | { kind: 'found'; published: Published<Owner>; period: Period }
  | { kind: 'wrongSignature'; published?: Published<Owner> }
  | { kind: 'unknown' }

/**
 * The addresses of files, each with its shared access signature. https://learn.microsoft.com/rest/api/storageservices/create-service-sas
 * Defender's have had several forms, of which nobody should read anything.
 */
export class Addresses<Owner extends { tenantId: string }> {
  readonly #key: string
  readonly #published = new Map<string, Published<Owner>>()

  constructor(seed: number) {
    this.#key = `simulated storage key ${seed}`
  }

  /** An address at that origin, good for so many hours. */
  publish(origin: string, published: Published<Owner>, from: number, hours: number): string {
    const path = pathOf(published)
    this.#published.set(path, published)
    const query = new URLSearchParams({
      sv: '2020-08-04',
      st: instantOf(from),
      se: instantOf(from + hours * HOUR),
      sr: 'b',
      sp: 'r',
    })
    query.set('sig', this.#signatureOf(path, query))
    return `${origin}${path}?${query.toString()}`
  }

  find({ pathname, searchParams }: URL): Found<Owner> {
    const published = this.#published.get(pathname)
    if (searchParams.get('sig') !== this.#signatureOf(pathname, searchParams))
      return { kind: 'wrongSignature', ...(published && { published }) }
    if (!published) return { kind: 'unknown' }
    const [from = 0, to = 0] = ['st', 'se'].map((name) => Date.parse(searchParams.get(name) ?? ''))
    return { kind: 'found', published, period: { from, to } }
  }

  #signatureOf(path: string, query: URLSearchParams): string {
    const signed = ['sp', 'st', 'se', 'sr', 'sv'].map((name) => query.get(name) ?? '')
    return createHmac('sha256', this.#key)
      .update([path, ...signed].join('\n'))
      .digest('base64')
  }
}

/** One of the forms that were seen, another for each group. */
function pathOf({ owner: { tenantId }, file: { generatedAt, group, part, name } }: Published<{ tenantId: string }>): string {
  const [day = '', time = ''] = new Date(generatedAt).toISOString().split('T')
  const guid = drawGuid('file', tenantId, generatedAt, name)
  const number = `part-${String(part).padStart(5, '0')}-${guid}`
  const made = `${day}/${time.slice(0, 8).replaceAll(':', '')}`
  switch (drawIndex(3, 'form of address', tenantId, group)) {
    case 0:
      return `/tvm-export/temp-export-v2/${made}/VaExport/json/OrgId=${tenantId}/${number}.c000.json.gz`
    case 1:
      return `/collection/${made}/SoftwareVulnerabilities_groupId=${group}/${number}.json.gz`
    default:
      return `/flat-va/${day}/${drawGuid('export', tenantId, generatedAt)}/json/_RbacGroupId=${group}/${number}.c000.json.gz`
  }
}

const instantOf = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
