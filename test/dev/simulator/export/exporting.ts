import { gunzipSync } from 'node:zlib'
import { streamFile } from '../../../../dev/simulator/export/file-stream.ts'
import type { FileMischief } from '../../../../dev/simulator/export/file-mischief.ts'
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../../dev/simulator/index.ts'
import { makeWorld, type TenantWorld, type WorldOptions } from '../../../../dev/simulator/tenant-world.ts'
import { WORLD } from '../../../../dev/simulator/world.ts'
import { REFERENCE } from '../client.ts'

export const EXPORT = '/api/machines/SoftwareVulnerabilitiesExport'

/** A row as it is read: nothing is taken for granted. */
export type Row = Record<string, unknown>

export interface Exporting {
  simulator: Simulator
  clock: { now: number }
  get: (path: string) => Promise<Response>
  /** What a call for the export answers. */
  call: (query?: string) => Promise<{ status: number; files: string[]; generatedTime: string }>
  close: () => Promise<void>
}

/** A simulator with a clock to move, for all tests of a file. */
export async function startExporting(options: Partial<SimulatorOptions> = {}): Promise<Exporting> {
  const clock = { now: REFERENCE }
  const simulator = await startSimulator({ seed: 1, machines: 60, quota: 'none', now: () => clock.now, ...options })
  const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = simulator.environment
  let held = { at: NaN, token: '' }
  const get = async (path: string) => {
    // The clock moves by hours, and tokens live for one.
    if (held.at !== clock.now) {
      const query = 'api-version=2019-08-01&resource=https://api.securitycenter.microsoft.com'
      const given = await fetch(`${IDENTITY_ENDPOINT}?${query}`, { headers: { 'X-IDENTITY-HEADER': IDENTITY_HEADER } })
      held = { at: clock.now, token: ((await given.json()) as { access_token: string }).access_token }
    }
    return fetch(simulator.url + path, { headers: { authorization: `Bearer ${held.token}` } })
  }
  const call = async (query = '') => {
    const response = await get(EXPORT + query)
    const { exportFiles = [], generatedTime = '' } = (await response.json()) as { exportFiles?: string[]; generatedTime?: string }
    return { status: response.status, files: exportFiles, generatedTime }
  }
  return { simulator, clock, get, call, close: () => simulator.close() }
}

/** The text of a file that is whole. */
export async function textOf(address: string): Promise<string> {
  return gunzipSync(Buffer.from(await (await fetch(address)).arrayBuffer())).toString()
}

export const rowsIn = (text: string): Row[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)

/** The rows of all files. */
export async function rowsOf(addresses: readonly string[]): Promise<Row[]> {
  const texts = await Promise.all(addresses.map(textOf))
  return texts.flatMap(rowsIn)
}

/** A world without a server, as of the default start. */
export const worldOf = (options: Partial<WorldOptions> = {}): TenantWorld =>
  makeWorld({ seed: 1, machines: 60, start: WORLD.defaultStart, ...options })

/** The texts of all files of the export that is the latest at that time, by their names. */
export async function textsOf({ exports }: TenantWorld, at: number, mischief: FileMischief = {}): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for (const file of exports.files(exports.latest(at))) {
    const chunks: Buffer[] = []
    for await (const chunk of streamFile(file, exports, mischief)) chunks.push(chunk)
    texts.set(file.name, gunzipSync(Buffer.concat(chunks)).toString())
  }
  return texts
}

export const idOf = (row: Row): string => String(row.DeviceId)

/** By machine the ids of the KBs that its rows name. */
export function kbsByMachine(rows: readonly Row[]): Map<string, Set<string>> {
  const kbs = new Map<string, Set<string>>()
  for (const row of rows) {
    const own = kbs.get(idOf(row)) ?? new Set()
    kbs.set(idOf(row), own)
    const kbId = row.RecommendedSecurityUpdateId
    if (typeof kbId === 'string' && /^\d{6,8}$/.test(kbId)) own.add(kbId)
  }
  return kbs
}
