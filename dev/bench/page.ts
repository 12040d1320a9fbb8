import { gunzipSync } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'
import { z } from 'zod'
import { snapshotStartMs } from '../../src/domain/index.ts'
import { buildPage } from '../page/build-page.mjs'
import { BROWSER_ARGUMENTS, findBrowser } from '../page/find-browser.mjs'
import { startServer } from '../start-server.ts'
import { grouped } from '../start/text.ts'
import { startBarePage } from './bare-page.ts'
import { openWarm } from './browse.ts'
import type { Figure, Report } from './figure.ts'
import { paintFigures } from './page-paints.ts'
import { viewFigures } from './page-views.ts'
import type { Worker } from './processes.ts'
import { inTurn } from './rounds.ts'
import { type ServedHistory, withHistory } from './worlds.ts'
import { type LargeFleet, writeFleet } from './write-fleet.ts'
import { snapshotIdAt } from './write-history.ts'

const MACHINES = 100_000
const ROUNDS = 9
const HOUR_MS = 3_600_000
const MOST_BYTES = 60 * 1024
const MOST_REQUESTS = 6

/** The page of a large fleet in a real browser: when it paints, what it asks for, and how much there is of it. */
export async function measurePage(report: Report): Promise<Figure[]> {
  const executablePath = findBrowser()
  if (executablePath === undefined) throw new Error('There is no Chromium: PATCHTRAIL_BROWSER may name one.')
  report(`writing a fleet of ${grouped(MACHINES)} machines with 400 daily snapshots behind it`)
  let fleet: LargeFleet | undefined
  const write = async (...[store]: Parameters<Parameters<typeof withHistory>[0]>) => {
    fleet = await writeFleet(store, MACHINES)
  }
  return withHistory(write, async (worker, history) => {
    if (!fleet) throw new Error('no fleet was written')
    const server = await servePage(history, fleet)
    const browser = await chromium.launch({ executablePath, args: [...BROWSER_ARGUMENTS] })
    try {
      return [
        ...(await inBrowser(browser, `${server.said.url}/api/page/`, fleet, report)),
        ...(await overviewFigures(worker, history, server.said.url)),
        ...(await sizeFigures()),
      ]
    } finally {
      await browser.close()
      await server.close()
    }
  })
}

/** The app a few hours after its newest snapshot, of which there is one a day. */
function servePage({ settings }: ServedHistory, { newestSnapshotId }: LargeFleet) {
  const options = { settings: { ...settings, SYNC_SCHEDULE: '0 0 2 * * *' }, now: snapshotStartMs(newestSnapshotId) + 6 * HOUR_MS }
  return startServer('dev/bench/page-server.ts', [JSON.stringify(options)], z.object({ url: z.string() }))
}

async function inBrowser(browser: Browser, url: string, fleet: LargeFleet, report: Report): Promise<Figure[]> {
  const data = await (await fetch(`${url}data/overview`)).text()
  const { shell, style, script } = await partsOf()
  const bare = await startBarePage({ shell: shell.plain, style: style.plain, script: script.plain, data })
  try {
    const [ours, theirs] = [await openWarm(browser, url), await openWarm(browser, bare.url)]
    const paints = await paintFigures({ context: ours, url }, { context: theirs, url: bare.url }, report)
    report('looking at every view, light and dark')
    return [...paints, ...(await viewFigures(browser, url, fleet))]
  } finally {
    bare.close()
  }
}

/** What the first page's answer takes of the storage, and how long it is under way. */
async function overviewFigures(worker: Worker, { transactions }: ServedHistory, url: string): Promise<Figure[]> {
  const ask = async () => {
    const startedAt = performance.now()
    const answer = await fetch(`${url}/api/overview`)
    await answer.text()
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
    return performance.now() - startedAt
  }
  await ask()
  const before = await transactions()
  await ask()
  const requests = (await transactions()) - before
  const bare = async () => (await worker.run('readTrendRowsBare', 'overview', snapshotIdAt(310), snapshotIdAt(399))).milliseconds
  const { first, second, ratio } = await inTurn(ROUNDS, ask, bare)
  return [
    {
      what: `requests of storage for /api/overview of ${grouped(MACHINES)} machines, against the limit`,
      measured: String(requests),
      against: String(MOST_REQUESTS),
      ratio: requests / MOST_REQUESTS,
      target: 'at most 1',
    },
    {
      what: 'its time over HTTP, against a bare SDK read of its rows',
      measured: `${first.toFixed(0)} ms`,
      against: `${second.toFixed(0)} ms`,
      ratio,
      target: 'at most 300 ms',
    },
  ]
}

async function partsOf() {
  const { files } = await buildPage()
  const sizeOf = (ending: string) => {
    const gzip = Buffer.from(files.find(({ path }) => (ending === '' ? path === '' : path.endsWith(ending)))?.gzip ?? '', 'base64')
    return { gzip: gzip.length, plain: gunzipSync(gzip).length }
  }
  return { shell: sizeOf(''), style: sizeOf('.css'), script: sizeOf('.js') }
}

async function sizeFigures(): Promise<Figure[]> {
  const parts = Object.entries(await partsOf()).map(([name, { gzip }]) => ({ name, gzip }))
  const all = parts.reduce((sum, { gzip }) => sum + gzip, 0)
  return [...parts, { name: 'shell, style and script', gzip: all }].map(({ name, gzip }) => ({
    what: `${name}, compressed, against the limit of all`,
    measured: kilobytes(gzip),
    against: kilobytes(MOST_BYTES),
    ratio: gzip / MOST_BYTES,
    target: gzip === all ? 'at most 1' : '',
  }))
}

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`
