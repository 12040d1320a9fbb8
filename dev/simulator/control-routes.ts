import { z } from 'zod'
import { json, type Answer } from './answer.ts'
import { type FaultPlan, faultsSchema } from './faults.ts'
import type { Fleet } from './fleet.ts'
import type { RequestLog } from './request-log.ts'
import type { Received } from './server.ts'
import { storyOf } from './story.ts'

/** A time: epoch milliseconds, or an ISO 8601 instant. */
export const instant = z.union([
  z.number(),
  z.string().regex(/^\d+$/).transform(Number),
  z.iso.datetime().transform((text) => Date.parse(text)),
])

/** What the control routes reach. */
interface Controlled {
  fleet: Fleet
  faults: FaultPlan
  log: RequestLog
  /** Epoch ms of the simulated world. */
  now: () => number
  /** Undefined where whoever started the simulator moves its clock. */
  setNow: ((now: number) => void) | undefined
  /** What is told of the requests beside the log. */
  counts: () => object
}

/** A body of one value, as a parameter: no quotes that every shell takes another way. */
const asked = ({ searchParams }: URL, name: string) => (searchParams.has(name) ? { [name]: searchParams.get(name) } : undefined)

export function isControlPath(pathname: string): boolean {
  return pathname.startsWith('/simulator/')
}

/**
 * What a simulator in a process of its own is steered and asked by; loopback only, no key:
 * `GET|POST /simulator/now` (`?now=` or a body), `POST /simulator/faults`, `GET /simulator/requests?entries=1`, `GET /simulator/truth?at=`,
 * `GET /simulator/machines/{id}?at=`, `GET /simulator/machines/{id}/story`.
 */
export async function answerControl({ method, url, text }: Received, controlled: Controlled): Promise<Answer> {
  const { fleet, faults, log, now, setNow, counts } = controlled
  const [, , subject, machineId = '', story] = url.pathname.split('/')
  try {
    const at = instant.parse(url.searchParams.get('at') ?? now())
    switch (`${method} ${subject}`) {
      case 'GET now':
        return json(200, { now: now() })
      case 'POST now': {
        const { now: wanted } = z.object({ now: instant }).parse(asked(url, 'now') ?? JSON.parse(await text()))
        if (!setNow) return json(409, { error: 'whoever started this simulator moves its clock' })
        setNow(wanted)
        return json(200, { now: wanted })
      }
      case 'POST faults':
        faults.change(faultsSchema.parse(JSON.parse(await text())))
        return json(200, {})
      case 'GET requests':
        return json(200, { counts: log.counts, ...counts(), ...(url.searchParams.get('entries') === '1' && { entries: log.entries }) })
      case 'GET truth':
        return json(200, { at, machines: Object.fromEntries([...fleet.truth(at)].map(([id, kbIds]) => [id, [...kbIds]])) })
      case 'GET machines':
        return json(200, story === 'story' ? storyOf(fleet.find(machineId)) : (fleet.machineAt(machineId, at) ?? null))
      default:
        return json(404, { error: 'no such control route' })
    }
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError || error instanceof RangeError)
      return json(400, { error: error.message })
    throw error
  }
}
