import type { Answer } from '../simulator/answer.ts'
import { serve } from '../simulator/server.ts'
import { broken, type CatalogueFault, changed } from './faults.ts'
import { type SimulatedDocuments, simulateDocuments } from './simulate-documents.ts'
import { type DocumentFacts, toWire } from './wire.ts'

export interface CatalogueOptions {
  now: () => number
  /** What it serves; the documents about the simulator's KBs, unless said otherwise. */
  documents?: SimulatedDocuments
}

/** The public sources, on a loopback port. */
export interface SimulatedCatalogue {
  /** Settings by which the app reads from here. */
  environment: { CATALOGUE_MSRC_URL: string; CATALOGUE_KEV_URL: string }
  /** Paths that were asked for, in order. */
  requests: string[]
  /** Faults by what is asked for: `updates`, `kev`, or the id of a document; `*` is of all. */
  faults: Map<string, CatalogueFault>
  /** Says a document in other words than it had. */
  rewrite(id: string, change: (document: DocumentFacts) => DocumentFacts): void
  close(): Promise<void>
}

/** Serves MSRC's and CISA's documents in the shapes of https://api.msrc.microsoft.com/cvrf/v3.0 and of the KEV file. */
export async function startCatalogue({ now, documents = simulateDocuments() }: CatalogueOptions): Promise<SimulatedCatalogue> {
  const requests: string[] = []
  const faults: SimulatedCatalogue['faults'] = new Map()
  const rewrites = new Map<string, (document: DocumentFacts) => DocumentFacts>()
  const document = (id: string) => {
    const found = documents.document(id, now())
    return found && (rewrites.get(id)?.(found) ?? found)
  }
  const answer = (path: string): Answer => {
    requests.push(path)
    const name = path.split('/').at(-1) ?? ''
    const fault = faults.get(name) ?? faults.get('*')
    if (path === KEV_PATH) return broken(JSON.stringify(kevFile(documents, now())), fault)
    if (path === `${MSRC_PATH}/updates`)
      return broken(JSON.stringify({ value: listOf(documents, now(), (id) => (rewrites.has(id) ? document(id) : undefined)) }), fault)
    const found = path.startsWith(`${MSRC_PATH}/cvrf/`) ? document(name) : undefined
    if (!found) return { kind: 'complete', status: 404, headers: { 'content-type': 'application/json' }, body: '{}' }
    return broken(JSON.stringify(toWire(changed(found, fault))), fault)
  }
  const server = await serve(0, ({ url }) => answer(url.pathname))
  return {
    environment: { CATALOGUE_MSRC_URL: `${server.url}${MSRC_PATH}`, CATALOGUE_KEV_URL: `${server.url}${KEV_PATH}` },
    ...{ requests, faults },
    rewrite: (id, change) => void rewrites.set(id, change),
    close: server.close,
  }
}

const MSRC_PATH = '/cvrf/v3.0'
const KEV_PATH = '/feeds/kev'

/** The list has a zone, the documents have none. */
function listOf(documents: SimulatedDocuments, now: number, document: (id: string) => DocumentFacts | undefined) {
  return documents.list(now).map(({ id, initialReleaseDate, currentReleaseDate }) => ({
    ...{ ID: id, Alias: id, DocumentTitle: `${id} Security Updates`, Severity: null },
    InitialReleaseDate: `${initialReleaseDate}Z`,
    CurrentReleaseDate: `${document(id)?.currentReleaseDate ?? currentReleaseDate}Z`,
    CvrfUrl: `http://elsewhere.example/${id}`,
  }))
}

function kevFile(documents: SimulatedDocuments, now: number) {
  const vulnerabilities = documents.kev(now).map((entry) => ({
    ...entry,
    ...{
      vendorProject: 'Microsoft',
      product: 'Windows',
      vulnerabilityName: 'simulated',
      shortDescription: 'simulated',
      requiredAction: 'simulated',
    },
    ...{ forensicTriage: 'No', notes: '', cwes: ['CWE-416'] },
  }))
  return {
    title: 'simulated',
    catalogVersion: 'simulated',
    dateReleased: new Date(now).toISOString(),
    count: vulnerabilities.length,
    vulnerabilities,
  }
}
