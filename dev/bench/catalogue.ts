import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TableClient } from '@azure/data-tables'
import { UNDESCRIBED_KB } from '../../src/domain/index.ts'
import { openStore } from '../../src/store/store.ts'
import { bigDocument } from '../catalogue/big-document.ts'
import { type SimulatedDocuments, simulateDocuments } from '../catalogue/simulate-documents.ts'
import { startCatalogue } from '../catalogue/start-catalogue.ts'
import { toWire } from '../catalogue/wire.ts'
import { readCatalog } from '../simulator/catalog.ts'
import { type Figure, megabytes, peakFigure, type Report, timeFigure } from './figure.ts'
import { startTablesProcess, startWorker } from './processes.ts'
import { inTurn } from './rounds.ts'
import { settingsFor } from './worlds.ts'
import { TENANT_ID } from './write-history.ts'

/** A large month of 2026. */
const DOCUMENT_BYTES = 20 * 1_048_576
const ROUNDS = 9
const NOW = Date.parse('2026-06-25T04:07:00Z')
const DAY_MS = 86_400_000

/** Of a document of 20 MB, memory and time; of a fill and of a day, requests to the tables. */
export async function measureCatalogue(report: Report): Promise<Figure[]> {
  const memory = await measureMemoryOf(report)
  const time = await measureTimeOf(report)
  report('24 documents of years, then those of a day that moved')
  return [memory, time, ...(await measureTransactions())]
}

async function measureMemoryOf(report: Report): Promise<Figure> {
  const document = bigDocument(DOCUMENT_BYTES)
  report(`a document of ${megabytes(Buffer.byteLength(JSON.stringify(toWire(document))))} over HTTP`)
  const documents: SimulatedDocuments = { list: () => [document], document: () => document, kev: (now) => simulateDocuments().kev(now) }
  return withCatalogue(documents, [{ kbId: '5120000', cohort: '202609' }], async ({ start }) => {
    const worker = await start(NOW)
    const { read } = await worker.run('refresh')
    if (read !== 1) throw new Error(`${read} documents were read`)
    const figure = await peakFigure(worker, 'of reading a document of 20 MB, by the timer', 'at most 120 MB')
    await worker.close()
    return figure
  })
}

async function measureTimeOf(report: Report): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'patchtrail-bench-'))
  const path = join(folder, '2026-Sep.json')
  writeFileSync(path, JSON.stringify(toWire(bigDocument(DOCUMENT_BYTES))))
  report(`${ROUNDS} rounds of it`)
  const worker = await startWorker(settingsFor('UseDevelopmentStorage=true', TENANT_ID))
  try {
    const timeOf = async (how: 'streamed' | 'whole') => (await worker.run('parseDocument', path, how)).milliseconds
    await timeOf('streamed')
    const compared = await inTurn(
      ROUNDS,
      () => timeOf('streamed'),
      () => timeOf('whole'),
    )
    return timeFigure('reading a document of 20 MB, against JSON.parse of it', compared, 'at most 1.5')
  } finally {
    await worker.close()
    rmSync(folder, { recursive: true })
  }
}

async function measureTransactions(): Promise<Figure[]> {
  const kbs = readCatalog().map(({ id, released }) => ({ kbId: id, cohort: released.slice(0, 7).replace('-', '') }))
  return withCatalogue(simulateDocuments(), kbs, async ({ start, transactions, setNow }) => {
    const figures: Figure[] = []
    for (const [day, what] of ['a first fill', 'a fill of what was left', 'a day'].entries()) {
      setNow(NOW + day * DAY_MS)
      const worker = await start(NOW + day * DAY_MS)
      const before = await transactions()
      const { read } = await worker.run('refresh')
      const measured = (await transactions()) - before
      await worker.close()
      figures.push({
        what: `table transactions of ${what}, against documents`,
        measured: String(measured),
        against: String(read),
        ratio: measured / read,
        target: 'at most 100',
      })
    }
    return figures
  })
}

interface CatalogueBench {
  /** A worker whose clock begins there. */
  start: (now: number) => ReturnType<typeof startWorker>
  transactions: () => Promise<number>
  /** The sources' time. */
  setNow: (now: number) => void
}

/** Measures the refreshing of a tenant's KBs by documents that are served from this process. */
async function withCatalogue<T>(
  documents: SimulatedDocuments,
  kbs: readonly { kbId: string; cohort: string }[],
  measure: (bench: CatalogueBench) => Promise<T>,
): Promise<T> {
  let now = NOW
  const sources = await startCatalogue({ now: () => now, documents })
  const { connectionString, counts, close } = await startTablesProcess()
  const openTable = (name: string) => TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true })
  const rows = kbs.map((kb) => ({ ...UNDESCRIBED_KB, ...kb, machinesMissing: 1, firstSeenSnapshotId: '20260301T020000Z' }))
  await openStore(openTable, '').of(TENANT_ID).kbs.write(rows)
  try {
    return await measure({
      start: (at) =>
        startWorker({ ...settingsFor(connectionString, TENANT_ID), ...sources.environment, BENCH_NOW: new Date(at).toISOString() }),
      transactions: async () => (await counts()).transactions,
      setNow: (to) => void (now = to),
    })
  } finally {
    await close()
    await sources.close()
  }
}
