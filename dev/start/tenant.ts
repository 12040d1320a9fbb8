import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type Config, readConfig } from '../../src/config/index.ts'
import { createCredential } from '../../src/defender/index.ts'
import type { Outside } from '../../src/outside.ts'
import { syncRoute } from '../../src/http/routes/sync.ts'
import { snapshotSchema, type SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import { openStore } from '../../src/store/index.ts'
import { tableOpener } from '../../src/store/open-table.ts'
import { startAzurite } from '../azurite.ts'
import { loadFunctionApp } from '../host/index.ts'
import { Api, overHttp, throughHost } from './api.ts'
import { replaceEnvironment, tenantEnvironment } from './app-environment.ts'
import { openAppLog } from './app-log.ts'
import type { Closing } from './closing.ts'
import { explainRefusal } from './explain-refusal.ts'
import { lockFolder } from './folder-lock.ts'
import { listen } from './listen.ts'
import { readLocalSettings } from './local-settings.ts'
import { counted, minuteOf } from './numbers.ts'
import type { TenantOptions } from './options.ts'
import { reportLatest } from './report.ts'
import { isEnded, snapshotHeader, snapshotRow } from './snapshot-row.ts'
import { activeSnapshot, awaitSnapshot, followSnapshot, type TenantRun } from './tenant-run.ts'
import type { Terminal } from './terminal.ts'
import { printSuggestions, suggestions } from './try-it.ts'
import { UserError } from './user-error.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Takes a snapshot of the person's own tenant, or goes on with the one that was under way; then serves. Resolves to the exit code. */
export async function runTenant(options: TenantOptions, terminal: Terminal, signal: AbortSignal, closing: Closing): Promise<number> {
  const { run, url } = await startTenant(options, terminal, signal, closing)
  let snapshot = await takeOne(run, url, await begin(run))
  if (options.once) return snapshot.status === 'completed' ? 0 : 1
  printSuggestions(terminal, suggestions(url, snapshot.startedAt))
  for (;;) {
    terminal.print('', 'Serving until Ctrl+C. The next snapshot begins by SYNC_SCHEDULE, or when asked for.')
    snapshot = await takeOne(run, url, await awaitSnapshot(run))
  }
}

/** The id of the snapshot to take. */
async function begin({ api, terminal }: TenantRun): Promise<string> {
  const active = await activeSnapshot(api)
  if (active) {
    terminal.print(`  Going on with the snapshot of ${minuteOf(active.startedAt)} UTC.`)
    return active.snapshotId
  }
  const { snapshotId } = await api.post('/api/sync', syncRoute.responses[202])
  return snapshotId
}

/** Takes a snapshot to its end and shows what it brought. Throws `UserError` with what to do if Defender refuses. */
async function takeOne(run: TenantRun, url: string, snapshotId: string): Promise<SnapshotShape> {
  const { terminal, tenantId } = run
  const snapshot = await followSnapshot(run, snapshotId)
  terminal.print(snapshotHeader(terminal), snapshotRow(snapshot, terminal))
  if (snapshot.error) throw new UserError(explainRefusal(snapshot.error, tenantId).join('\n'))
  const { unknown } = snapshot.machines
  if (unknown > 0) terminal.print(`  ${counted(unknown, 'machine')} without an answer:  curl ${url}/api/snapshots/${snapshotId}/unknown`)
  const { snapshots } = await run.api.get('/api/snapshots?limit=2', z.object({ snapshots: z.array(snapshotSchema) }))
  await reportLatest({ api: new Api(overHttp(url)), url, terminal, snapshots: snapshots.filter(isEnded).reverse() })
  return snapshot
}

/** The app between an Azurite that keeps its data, and the real Defender. */
async function startTenant(
  options: TenantOptions,
  terminal: Terminal,
  signal: AbortSignal,
  closing: Closing,
): Promise<{ run: TenantRun; url: string }> {
  const { tenantId, port } = options
  const folder = join('.patchtrail', tenantId)
  closing.add(lockFolder(join(root, folder)))
  const azurite = await startAzurite({ location: join(root, folder) })
  closing.add(() => azurite.close())
  signal.throwIfAborted()
  const given = { tenantId, connectionString: azurite.connectionString }
  replaceEnvironment(process.env, tenantEnvironment(process.env, readLocalSettings(join(root, 'local.settings.json')), given))
  const config = readSettings(terminal)
  const appLog = openAppLog(join(root, folder, 'start.log'), { append: true, now: Date.now })
  closing.add(() => appLog.close())
  const app = await loadFunctionApp({ main: join(root, 'dist/main.js'), log: appLog.hostLog })
  closing.add(() => app.terminate())
  const useOutside = app.exports['useOutside'] as (parts: Partial<Outside>) => void
  useOutside({ log: appLog.log })
  const { url } = await listen(app, port)
  terminal.print(
    terminal.paint('dim', `  API ${url}/api   Defender ${config.defender.apiUrl}`),
    terminal.paint('dim', `  history and log in ${folder}`),
    '',
  )
  const { tenant: rows } = openStore(
    tableOpener(config.storage, () => createCredential()),
    config.storage.tablePrefix,
  ).of(tenantId)
  const quota = { perMinute: config.sync.callsPerMinute, perHour: config.sync.callsPerHour }
  return { run: { app, api: new Api(throughHost(app)), rows, tenantId, quota, terminal, signal, now: Date.now }, url }
}

/** The configuration that the app will read, or everything that is wrong with it. */
function readSettings(terminal: Terminal): Config {
  const read = readConfig(process.env)
  if (!read.ok) {
    const problems = read.problems.map(
      ({ name, expected, received }) => `  ${name}: expected ${expected}${received === undefined ? '' : `; it is "${received}"`}`,
    )
    throw new UserError(['These settings, of the shell or of local.settings.json, are missing or wrong:', ...problems].join('\n'))
  }
  for (const { name, detail } of read.config.warnings) terminal.print(terminal.paint('yellow', `  ${name} ${detail}`))
  return read.config
}
