import { startAzurite } from '../azurite.ts'
import { disturbedAt } from './disturbed.ts'
import { type Simulator, startSimulator } from '../simulator/index.ts'
import { HOUR, MINUTE } from '../simulator/time.ts'
import { App } from './app.ts'
import { idOf, type Look } from './look.ts'
import { type PlannedLook, planLooks, SCHEDULE } from './plan.ts'
import { type TableProxy, startTableProxy } from './table-proxy.ts'

/** More ticks than any snapshot of these fleets takes. */
const MOST_TICKS = 300
/** A killed process is succeeded when its lease has run out: 90 s after its last renewal, which pauses may have put off. */
const LEASE = 4 * MINUTE

/** The real program between a simulated Defender and Azurite. */
export class OracleWorld {
  readonly simulator: Simulator
  readonly #defender: { at: number }
  readonly #proxy: TableProxy
  readonly #settings: Record<string, string>
  readonly #seed: number
  readonly #closers: (() => Promise<unknown>)[]
  #app: App
  #last: Look | undefined

  private constructor(given: {
    simulator: Simulator
    defender: { at: number }
    proxy: TableProxy
    settings: Record<string, string>
    seed: number
    app: App
    closers: (() => Promise<unknown>)[]
  }) {
    this.simulator = given.simulator
    this.#defender = given.defender
    this.#proxy = given.proxy
    this.#settings = given.settings
    this.#seed = given.seed
    this.#app = given.app
    this.#closers = given.closers
  }

  static async start({ seed, machines }: { seed: number; machines: number }): Promise<OracleWorld> {
    const defender = { at: planLooks(seed, 1)[0]?.at ?? 0 }
    const azurite = await startAzurite()
    const proxy = await startTableProxy(azurite.url)
    const simulator = await startSimulator({ seed, machines, upgrades: 0.3, now: () => defender.at, quota: 'none' })
    const settings = {
      ...simulator.environment,
      DEFENDER_TENANT_ID: simulator.tenantId,
      DEFENDER_API_URL: simulator.url,
      STORAGE_CONNECTION_STRING: azurite.connectionString.replace(azurite.url, proxy.url),
      SYNC_SCHEDULE: SCHEDULE,
      // Several slices a snapshot, so that a kill has something before it and behind it.
      SYNC_CALLS_PER_MINUTE: String(Math.max(20, Math.ceil(machines / 4))),
      SYNC_CALLS_PER_HOUR: '1000000',
    }
    const closers = [() => proxy.close(), () => simulator.close(), () => azurite.close()]
    const app = await App.start(settings)
    // Before its first tick the program knows no schedule.
    await app.tick(defender.at - MINUTE)
    return new OracleWorld({ simulator, defender, proxy, settings, seed, app, closers })
  }

  get app(): App {
    return this.#app
  }

  /** Takes a snapshot to its end, whatever is planned to happen on the way. */
  async take(planned: PlannedLook): Promise<Look> {
    const { at, manual, killAfter } = planned
    this.#defender.at = at
    const { unknown, forgotten } = this.#disturb(planned)
    const callsBefore = this.#calls()
    let isKilled = false
    if (killAfter !== undefined) {
      this.#proxy.atWritesTo(killAfter, () => {
        isKilled = true
        return this.#app.kill()
      })
    }
    await this.#app.moveTo(at)
    if (manual) await this.#app.post('/api/sync')
    const snapshotId = await this.#tickToEnd(at)
    this.#proxy.atWritesTo([], () => Promise.resolve())
    this.#last = { snapshotId, at, manual, unknown, forgotten, calls: this.#calls() - callsBefore, killed: isKilled }
    return this.#last
  }

  async close(): Promise<void> {
    await this.#app.kill()
    for (const close of this.#closers) await close()
  }

  #calls(): number {
    const { requests } = this.simulator
    return requests.count() - requests.count({ route: 'identity' })
  }

  /** Has Defender's gateway fail for some of the machines that will be asked, and Defender forget what it found on others. */
  #disturb(planned: PlannedLook): Pick<Look, 'unknown' | 'forgotten'> {
    const disturbed = disturbedAt(planned, { simulator: this.simulator, seed: this.#seed, last: this.#last })
    const [unknown, forgotten] = [[...disturbed.unknown], [...disturbed.forgotten]]
    this.simulator.setFaults({
      html502: unknown.length > 0 && { machineIds: unknown },
      emptyOnce: forgotten.length > 0 && { machineIds: forgotten, times: Infinity },
    })
    return disturbed
  }

  async #tickToEnd(at: number): Promise<string> {
    let now = at
    for (let ticks = 0; ticks < MOST_TICKS; ticks++) {
      const done = await this.#app.tick(now)
      if (done === undefined) {
        this.#app = await App.start(this.#settings)
        now += LEASE
        continue
      }
      const [newest] = ((await this.#app.get('/api/snapshots?limit=1')) as { snapshots: { snapshotId: string; status: string }[] })
        .snapshots
      if (newest && ['completed', 'incomplete', 'failed'].includes(newest.status) && newest.snapshotId >= idOf(at)) return newest.snapshotId
      now = (Math.floor(Math.max(done, now) / MINUTE) + 1) * MINUTE
      if (now - at > 6 * HOUR) break
    }
    throw new Error(`The snapshot of ${new Date(at).toISOString()} has not ended.`)
  }
}
