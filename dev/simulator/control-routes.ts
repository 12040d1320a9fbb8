import { z } from 'zod'
import { json, type Answer } from './answer.ts'
import { disagreementsSchema } from './export/disagreements.ts'
import { faultsSchema } from './faults.ts'
import type { Received } from './server.ts'
import type { SimulatedTenant } from './simulated-tenant.ts'

/** A time: epoch milliseconds, or an ISO 8601 instant. */
export const instant = z.union([
  z.number(),
  z.string().regex(/^\d+$/).transform(Number),
  z.iso.datetime().transform((text) => Date.parse(text)),
])

/** The clock that control routes reach. */
export interface ControlledClock {
  /** Epoch ms of the simulated world. */
  now: () => number
  /** Undefined where whoever started the simulator moves its clock. */
  setNow: ((now: number) => void) | undefined
}

interface Controlled extends ControlledClock {
  tenant: SimulatedTenant
  /** What is told of the requests beside the tenant's own. */
  counts: () => object
}

/** A body of one value, as a parameter: no quotes that every shell takes another way. */
export const asked = ({ searchParams }: URL, name: string) => (searchParams.has(name) ? { [name]: searchParams.get(name) } : undefined)

export function isControlPath(pathname: string): boolean {
  return pathname.startsWith('/simulator/')
}

/**
 * What a simulator in a process of its own is steered and asked by; loopback only, no key:
 * `GET|POST /simulator/now` (`?now=` or a body), `POST /simulator/faults`, `GET /simulator/requests?entries=1`, `GET /simulator/truth?at=`,
 * `GET /simulator/machines/{id}?at=`, `GET /simulator/machines/{id}/story`, `GET /simulator/exported?at=`,
 * `GET|POST /simulator/disagreements` (`?at=`).
 */
export async function answerControl(request: Received, { tenant, counts, ...clock }: Controlled): Promise<Answer> {
  const [, , ...path] = request.url.pathname.split('/')
  return refusingNonsense(async () => (path[0] === 'now' ? steerClock(request, clock) : askTenant(request, path, tenant, clock, counts)))
}

/** What does not fit a schema is answered with 400. */
export async function refusingNonsense(answer: () => Promise<Answer>): Promise<Answer> {
  try {
    return await answer()
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError || error instanceof RangeError)
      return json(400, { error: error.message })
    throw error
  }
}

export async function steerClock({ method, url, text }: Received, { now, setNow }: ControlledClock): Promise<Answer> {
  if (method === 'GET') return json(200, { now: now() })
  const { now: wanted } = z.object({ now: instant }).parse(asked(url, 'now') ?? JSON.parse(await text()))
  if (!setNow) return json(409, { error: 'whoever started this simulator moves its clock' })
  setNow(wanted)
  return json(200, { now: wanted })
}

/** The routes about one tenant; `path` is what follows its own. */
export async function askTenant(
  { method, url, text }: Received,
  [subject, machineId = '', story]: readonly string[],
  tenant: SimulatedTenant,
  { now }: ControlledClock,
  counts: () => object,
): Promise<Answer> {
  const at = instant.parse(url.searchParams.get('at') ?? now())
  switch (`${method} ${subject}`) {
    case 'POST faults':
      tenant.setFaults(faultsSchema.parse(JSON.parse(await text())))
      return json(200, {})
    case 'GET requests': {
      const { requests, quotaViolations, tokensIssued } = tenant
      const { filesAskedWithToken } = requests
      const entries = url.searchParams.get('entries') === '1' ? { entries: requests.entries } : {}
      return json(200, { counts: requests.counts, quotaViolations, tokensIssued, filesAskedWithToken, ...counts(), ...entries })
    }
    case 'GET truth':
      return json(200, { at, machines: Object.fromEntries([...tenant.truth(at)].map(([id, kbIds]) => [id, [...kbIds]])) })
    case 'GET exported': {
      const { generatedAt, machines } = tenant.exported(at)
      return json(200, { generatedAt, machines: Object.fromEntries(machines) })
    }
    case 'POST disagreements':
      tenant.plant(disagreementsSchema.parse(JSON.parse(await text())))
      return json(200, {})
    case 'GET disagreements':
      return json(200, tenant.planted(at))
    case 'GET machines':
      return json(200, story === 'story' ? tenant.story(machineId) : (tenant.machine(machineId, at) ?? null))
    default:
      return noControlRoute()
  }
}

export const noControlRoute = () => json(404, { error: 'no such control route' })
