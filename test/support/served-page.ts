import { vi } from 'vitest'
import { simulatedClock } from '../../dev/simulated-clock.ts'
import { startSimulator } from '../../dev/simulator/index.ts'
import { startTableService } from '../../dev/table-service/index.ts'
import { localTime } from '../../src/defender/budget/index.ts'
import { type Raw, type RawReply, sendRaw } from './send-raw.ts'
import { serveApp, type ServedApp } from './served-app.ts'
import { type LogLine, MINUTE, recorder, REFERENCE, WEEK } from './world.ts'

/** A key of `pageData` alone. */
export const PAGE_KEY = 'the-key-of-the-page'

/** The app as its registrations make it, with two snapshots of a simulated fleet that were taken by its timer. */
export interface ServedPage extends ServedApp {
  tenantId: string
  /** What the app logged. */
  lines: LogLine[]
  /** Rows that were written so far. */
  written: () => number
  /** Requests that Defender got so far. */
  asked: () => number
  send: (path: string, raw?: Raw) => Promise<RawReply>
  close: () => Promise<void>
}

/** Serves it with these settings. Once a test file. */
export async function servePage(settings: Record<string, string> = {}): Promise<ServedPage> {
  const clock = simulatedClock(REFERENCE)
  const lines: LogLine[] = []
  const storage = await startTableService()
  const simulator = await startSimulator({ seed: 18, machines: 12, now: () => clock.now(), quota: 'none' })
  const own = {
    ...simulator.environment,
    DEFENDER_TENANT_ID: simulator.tenantId,
    DEFENDER_API_URL: simulator.url,
    STORAGE_CONNECTION_STRING: storage.connectionString,
    SYNC_SCHEDULE: '0 0 2 * * 1',
  }
  const served = await serveApp({ ...own, ...settings }, { master: 'the-master-key', functions: { pageData: PAGE_KEY } })
  served.useOutside({ clock, budgetTime: localTime(clock), log: recorder(lines) })
  for (const wait of [2 * WEEK, 0]) {
    for (let ticks = 0; ticks < 4; ticks++) {
      await served.app.runTimer('tick')
      clock.advance(MINUTE)
    }
    clock.advance(wait)
  }
  return {
    ...served,
    tenantId: simulator.tenantId,
    lines,
    written: () => storage.counts().rowsWritten,
    asked: () => simulator.requests.count(),
    send: (path, raw) => sendRaw(served.url, path, raw),
    async close() {
      await served.app.terminate()
      vi.unstubAllEnvs()
      await simulator.close()
      await storage.close()
    },
  }
}
