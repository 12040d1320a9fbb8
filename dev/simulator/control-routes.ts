import { z } from 'zod'
import { json, type Answer } from './answer.ts'
import { FAULTS, type Faults } from './faults.ts'
import type { Received } from './server.ts'
import type { Simulator, SimulatorOptions } from './simulator.ts'

/** A time: epoch milliseconds, or an ISO 8601 instant. */
export const instant = z.union([
  z.number(),
  z.string().regex(/^\d+$/).transform(Number),
  z.iso.datetime().transform((text) => Date.parse(text)),
])

const rule = z
  .strictObject({
    machineIds: z.array(z.string()),
    rate: z.number().min(0).max(1),
    times: z.number(),
    limit: z.number(),
    on: z.array(z.enum(['machineList', 'machine', 'missingKbs'])),
    milliseconds: z.number(),
    retryAfterSeconds: z.number(),
  })
  .partial()

/** Rules by the name of the fault; `slow` needs `milliseconds`. */
export const faultsSchema: z.ZodType<Partial<Faults>> = z
  .record(
    z.string().refine((name) => name in FAULTS, 'no such fault'),
    z.union([z.literal(false), rule]),
  )
  .refine(({ slow }) => slow === undefined || slow === false || slow.milliseconds !== undefined, 'slow needs milliseconds')
  .transform((rules) => rules as Partial<Faults>)

export function isControlPath(pathname: string): boolean {
  return pathname.startsWith('/simulator/')
}

/**
 * What a simulator in a process of its own is steered and asked by; loopback only, no key:
 * `GET|POST /simulator/now`, `POST /simulator/faults`, `GET /simulator/requests?entries=1`, `GET /simulator/truth?at=`,
 * `GET /simulator/machines/{id}?at=`, `GET /simulator/machines/{id}/story`.
 */
export async function answerControl(request: Received, simulator: Simulator, options: SimulatorOptions): Promise<Answer> {
  const { method, url, text } = request
  const [, , subject, machineId, story] = url.pathname.split('/')
  try {
    const at = instant.parse(url.searchParams.get('at') ?? options.now())
    switch (`${method} ${subject}`) {
      case 'GET now':
        return json(200, { now: options.now() })
      case 'POST now':
        return setNow(z.object({ now: instant }).parse(JSON.parse(await text())).now, options)
      case 'POST faults':
        simulator.setFaults(faultsSchema.parse(JSON.parse(await text())))
        return json(200, {})
      case 'GET requests':
        return json(200, requestsOf(simulator, url.searchParams.get('entries') === '1'))
      case 'GET truth':
        return json(200, { at, machines: Object.fromEntries([...simulator.truth(at)].map(([id, kbIds]) => [id, [...kbIds]])) })
      case 'GET machines':
        return json(200, story === 'story' ? simulator.story(machineId ?? '') : (simulator.machine(machineId ?? '', at) ?? null))
      default:
        return json(404, { error: 'no such control route' })
    }
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError || error instanceof RangeError)
      return json(400, { error: error.message })
    throw error
  }
}

function setNow(now: number, { setNow: set }: SimulatorOptions): Answer {
  if (!set) return json(409, { error: 'whoever started this simulator moves its clock' })
  set(now)
  return json(200, { now })
}

function requestsOf(simulator: Simulator, withEntries: boolean) {
  const { requests, quotaViolations, tokensIssued, foreignRequests } = simulator
  return { counts: requests.counts, quotaViolations, tokensIssued, foreignRequests, ...(withEntries ? { entries: requests.entries } : {}) }
}
