import { onTestFinished } from 'vitest'
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../dev/simulator/index.ts'

/** A Wednesday, the day after a Patch Tuesday. */
export const REFERENCE = Date.parse('2026-03-11T12:00:00Z')

export interface TestSimulator extends Simulator {
  clock: { now: number }
  /** GET of a path, or of a whole URL, with a token that is fetched when none is at hand. */
  get: (path: string) => Promise<Response>
  getJson: (path: string) => Promise<{ status: number; body: Record<string, unknown> }>
  token: () => Promise<string>
}

/** A simulator that ends with the test, with a clock to move and a client that asks like a program. */
export async function simulate(options: Partial<SimulatorOptions> = {}): Promise<TestSimulator> {
  const clock = { now: REFERENCE }
  const simulator = await startSimulator({ seed: 1, machines: 60, quota: 'none', now: () => clock.now, ...options })
  onTestFinished(() => simulator.close())
  let authorization: string | undefined
  const token = async () => {
    const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = simulator.environment
    const query = 'api-version=2019-08-01&resource=https://api.securitycenter.microsoft.com'
    const response = await fetch(`${IDENTITY_ENDPOINT}?${query}`, { headers: { 'X-IDENTITY-HEADER': IDENTITY_HEADER } })
    return ((await response.json()) as { access_token: string }).access_token
  }
  const get = async (path: string) => {
    authorization ??= `Bearer ${await token()}`
    return fetch(new URL(path, simulator.url), { headers: { authorization } })
  }
  const getJson = async (path: string) => {
    const response = await get(path)
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  // Not a spread: the simulator's counts are getters.
  return Object.assign(Object.create(simulator) as Simulator, { clock, get, getJson, token })
}

export function rowsOf(body: Record<string, unknown>): Record<string, unknown>[] {
  return body.value as Record<string, unknown>[]
}

export function codeOf(body: Record<string, unknown>): unknown {
  return (body.error as Record<string, unknown> | undefined)?.code
}

export function idsOf(body: Record<string, unknown>): string[] {
  return rowsOf(body).map(({ id }) => String(id))
}

export const missingKbsPath = (machineId: string) => `/api/machines/${machineId}/getmissingkbs`

/** The ids of every page, by next links from the first path on. */
export async function pagesOf(simulator: TestSimulator, firstPath: string): Promise<string[][]> {
  const pages: string[][] = []
  let path: string | undefined = firstPath
  while (path !== undefined) {
    const { body } = await simulator.getJson(path)
    pages.push(idsOf(body))
    path = body['@odata.nextLink'] as string | undefined
  }
  return pages
}
