import { join } from 'node:path'
import { type Config, readConfig } from '../../src/config/index.ts'
import { createCredential } from '../../src/defender/index.ts'
import { syncRoute } from '../../src/http/routes/sync.ts'
import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import { openStore } from '../../src/store/index.ts'
import { tableOpener } from '../../src/store/open-table.ts'
import { startAzurite } from '../azurite.ts'
import { root, serveApp } from './app.ts'
import { requireSignIn } from './require-sign-in.ts'
import { readLocalSettings, replaceEnvironment, tenantEnvironment } from './app-environment.ts'
import { explainRefusal } from './explain-refusal.ts'
import { lockFolder } from './folder-lock.ts'
import { activeSnapshot, awaitSnapshot, followSnapshot, type TenantRun } from './follow-snapshot.ts'
import { curlOf, printAddresses, printSuggestions, suggestions } from './guide.ts'
import type { TenantOptions } from './options.ts'
import { readPublicFacts } from './public-facts.ts'
import { reportLatest } from './report.ts'
import { type Session, UserError } from './session.ts'
import { isEnded, snapshotHeader, snapshotRow } from './snapshot-row.ts'
import type { Terminal } from './terminal.ts'
import { counted } from './text.ts'

/** Takes a snapshot of the person's own tenant, or goes on with the one that was under way; then serves. Resolves to the exit code. */
export async function runTenant(options: TenantOptions, session: Session): Promise<number> {
  const { terminal } = session
  const run = await startTenant(options, session)
  const snapshot = await takeOne(run, await begin(run))
  if (options.once) return snapshot.status === 'failed' ? 1 : 0
  printSuggestions(terminal, run.api.url, suggestions(run.api.url, snapshot.startedAt))
  for (;;) {
    // Meanwhile, and nothing waits for it.
    void readPublicFacts(run)
    terminal.print('', 'Serving until Ctrl+C. The next snapshot begins by SYNC_SCHEDULE, or when asked for.')
    await takeOne(run, await awaitSnapshot(run))
  }
}

/** The id of the snapshot to take. */
async function begin({ api, session: { terminal } }: TenantRun): Promise<string> {
  const active = await activeSnapshot(api)
  if (!active) return (await api.post('/api/sync', syncRoute.responses[202])).snapshotId
  terminal.print(`  Going on with the snapshot of ${active.startedAt.slice(0, 16).replace('T', ' ')} UTC.`)
  return active.snapshotId
}

/** Takes a snapshot to its end and shows what it brought. Throws `UserError` with what to do if Defender refuses. */
async function takeOne(run: TenantRun, snapshotId: string): Promise<SnapshotShape> {
  const { api, tenantId } = run
  const { terminal } = run.session
  const snapshot = await followSnapshot(run, snapshotId)
  terminal.print(snapshotHeader(terminal), snapshotRow(snapshot, terminal))
  if (snapshot.error) throw new UserError(explainRefusal(snapshot.error, tenantId).join('\n'))
  const { unknown } = snapshot.machines
  if (unknown > 0)
    terminal.print(
      `  ${counted(unknown, 'machine')} without an answer:  ${curlOf(process.platform)} ${api.url}/api/snapshots/${snapshotId}/unknown`,
    )
  await reportLatest({ api, terminal, snapshots: (await api.newestSnapshots(2)).filter(isEnded).reverse() })
  return snapshot
}

/** The app between an Azurite that keeps its data, and the real Defender. */
async function startTenant({ tenantId, port }: TenantOptions, session: Session): Promise<TenantRun> {
  const { terminal } = session
  const folder = join('.patchtrail', tenantId)
  session.onClose(lockFolder(join(root, folder)))
  const azurite = await startAzurite({ location: join(root, folder) })
  session.onClose(() => azurite.close())
  session.throwIfInterrupted()
  const given = { tenantId, connectionString: azurite.connectionString }
  replaceEnvironment(process.env, tenantEnvironment(process.env, readLocalSettings(join(root, 'local.settings.json')), given))
  const { sync, storage, defender } = readSettings(terminal)
  await requireSignIn(createCredential({ tenantId, authorityUrl: defender.authorityUrl }), defender.scope, tenantId)
  const served = await serveApp(session, { port, logPath: join(root, folder, 'start.log'), append: true, outside: {} })
  printAddresses(terminal, served.api.url, `Defender ${defender.apiUrl}`)
  terminal.print(terminal.paint('dim', `  history and log in ${folder}`), '')
  const { tenant: rows } = openStore(
    tableOpener(storage, () => createCredential()),
    storage.tablePrefix,
  ).of(tenantId)
  return { ...served, session, rows, tenantId, quota: { perMinute: sync.callsPerMinute, perHour: sync.callsPerHour } }
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
