import { z } from 'zod'
import { draw } from './draw.ts'
import { EXPORT_FAULTS } from './export/export-faults.ts'
import { HOUR } from './time.ts'

const apiRoute = z.enum(['machineList', 'machine', 'missingKbs', 'software', 'softwareMissingKbs', 'export'])

/** Calls of the API. */
export type ApiRoute = z.output<typeof apiRoute>

const route = z.enum([...apiRoute.options, 'file'])

/** The calls that a fault can strike; that for a file of an export goes to another origin. */
export type Route = z.output<typeof route>

const rule = z
  .strictObject({
    /** Only these machines. */
    machineIds: z.array(z.string()).readonly(),
    /** Only this share, 0 to 1, drawn from the seed: of calls or of machines, see `FAULTS`. */
    rate: z.number().min(0).max(1),
    /** Only the first so many calls about the same machine in a look; a pause of six hours begins another look. */
    times: z.number(),
    /** No more than so many strikes altogether. */
    limit: z.number(),
    /** Calls that the fault is about, where it is not those of `FAULTS`. */
    on: z.array(route).readonly(),
    /** How late an answer is that is `slow`. */
    milliseconds: z.number(),
    /** What an answer that is `throttled` says of it, if anything. */
    retryAfterSeconds: z.number(),
    /** Only these files of an export, by their names as `11/0`: the RBAC group, and the number of the file in it. */
    files: z.array(z.string()).readonly(),
    /** Of an export, see `EXPORT_FAULTS`. */
    groups: z.array(z.number()).readonly(),
    exports: z.number().int().min(1),
    rows: z.number().int().min(0),
    bytes: z.number().int().min(1),
    share: z.number().min(0).max(1),
  })
  .partial()

/** Which calls a fault strikes: every one that it is about, unless narrowed. */
export type FaultRule = z.output<typeof rule>

export interface FaultKind {
  on: readonly Route[]
  /** What `rate` is a share of: calls, machines anew in every look, or machines for ever. */
  of: 'calls' | 'machinesOfALook' | 'machines'
  times?: number
  limit?: number
}

const MISSING_KBS = { on: ['missingKbs'], of: 'calls' } as const
const LIST = { on: ['machineList'], of: 'calls' } as const
const ALL = { on: apiRoute.options, of: 'calls' } as const
const ONCE_A_LOOK = { of: 'machinesOfALook', times: 1 } as const

/** Every way in which the API is reported, or must be feared, to misbehave. */
export const FAULTS = {
  /** 401, as for a token that expired on the way. */
  expiredTokenOnce: { ...ALL, limit: 1 },
  /** 401 `No Tvm license`. */
  unlicensed: ALL,
  /** 403 that names the missing role. */
  missingRole: ALL,
  /** 429 whatever the quota; `Retry-After` only with `retryAfterSeconds`. */
  throttled: MISSING_KBS,

  /** No answer at all; the connection stays. */
  hang: MISSING_KBS,
  /** The connection is reset. */
  reset: MISSING_KBS,
  /** 502 with a gateway's HTML page. */
  html502: MISSING_KBS,
  /** 500 with an error body that has no message. */
  error500: MISSING_KBS,
  /** The connection ends in the middle of the body. */
  truncatedBody: MISSING_KBS,
  /** A right answer, `milliseconds` late. */
  slow: MISSING_KBS,

  /** 404 for a machine that exists, which a retry cures. */
  notFoundOnce: { on: ['missingKbs'], ...ONCE_A_LOOK },
  notFoundTimes: { on: ['missingKbs'], ...ONCE_A_LOOK, times: 2 },
  notFoundForever: { on: ['missingKbs'], of: 'machines' },
  /** 200, but `value` is no array, or the body no object. */
  malformedShape: MISSING_KBS,
  /** 200 and no KBs, though some are missing. */
  emptyOnce: { on: ['missingKbs'], ...ONCE_A_LOOK },
  /** All but the id is null. */
  nullFields: MISSING_KBS,
  /** The same KBs again, with other products and counts. */
  duplicateRows: MISSING_KBS,
  /** Rows more whose id is empty, blank or null. */
  emptyIds: MISSING_KBS,
  /** A row more whose id is no number. */
  nonNumericIds: MISSING_KBS,
  /** A nextLink to another origin. */
  foreignNextLink: MISSING_KBS,

  /** 404 instead of the first page. */
  listNotFound: LIST,
  list500: LIST,
  /** Every page begins with the last two rows of the one before. */
  listRepeatedRows: LIST,
  /** Every page's nextLink is the page itself. */
  listPageLoop: LIST,
  listForeignNextLink: LIST,
  /** A machine that exists is left out of a listing. */
  listFlap: { on: ['machineList'], ...ONCE_A_LOOK },

  ...EXPORT_FAULTS,
} as const satisfies Record<string, FaultKind>

export type FaultName = keyof typeof FAULTS

/** Rules by fault; `false` switches one off. */
export type Faults = Record<Exclude<FaultName, 'slow'>, FaultRule | false> & { slow: (FaultRule & { milliseconds: number }) | false }

/** Rules as they come over HTTP or from the command line. */
export const faultsSchema: z.ZodType<Partial<Faults>> = z
  .partialRecord(z.enum(Object.keys(FAULTS) as FaultName[]), z.union([z.literal(false), rule]))
  .refine(({ slow }) => !slow || slow.milliseconds !== undefined, 'slow needs milliseconds')
  .transform((rules) => rules as Partial<Faults>)

const PAUSE_BETWEEN_LOOKS = 6 * HOUR

interface Track {
  look: number
  call: number
  strikes: number
  lastAt: number
}

/**
 * Decides which calls are struck. The only things remembered are how often a fault was asked about a machine and how often it struck, so
 * that with the same seed the same sequence of calls meets the same faults, in whatever order the machines are asked.
 */
export class FaultPlan {
  readonly #seed: number
  #rules: Partial<Faults> = {}
  #tracks = new Map<string, Track>()
  #strikes = new Map<FaultName, number>()

  constructor(seed: number, faults: Partial<Faults> = {}) {
    this.#seed = seed
    this.change(faults)
  }

  /** Sets the given rules, leaves the others, and begins to count anew. */
  change(faults: Partial<Faults>): void {
    this.#rules = { ...this.#rules, ...faults }
    this.#tracks = new Map()
    this.#strikes = new Map()
  }

  /** The rule by which the fault strikes this call, or undefined. `subject` is what is asked about. To ask counts as a call. */
  strike<Name extends FaultName>(fault: Name, route: Route, subject: string, now: number): Exclude<Faults[Name], false> | undefined {
    const rule: Faults[Name] | undefined = this.#rules[fault]
    if (!rule || !isAbout(rule, FAULTS[fault], route, subject)) return undefined
    const track = this.#nextCall(fault, subject, now)
    if (!this.#isStruck(fault, rule, subject, track)) return undefined
    track.strikes++
    this.#strikes.set(fault, (this.#strikes.get(fault) ?? 0) + 1)
    return rule as Exclude<Faults[Name], false>
  }

  #isStruck(fault: FaultName, rule: FaultRule, subject: string, { look, call, strikes }: Track): boolean {
    const kind: FaultKind = FAULTS[fault]
    if (strikes >= (rule.times ?? kind.times ?? Infinity)) return false
    if ((this.#strikes.get(fault) ?? 0) >= (rule.limit ?? kind.limit ?? Infinity)) return false
    const of = kind.of === 'calls' && rule.times !== undefined ? 'machinesOfALook' : kind.of
    const drawn = { calls: [look, call], machinesOfALook: [look], machines: [] }[of]
    return draw(this.#seed, fault, subject, ...drawn) < (rule.rate ?? 1)
  }

  #nextCall(fault: FaultName, subject: string, now: number): Track {
    const key = `${fault}|${subject}`
    const track = this.#tracks.get(key) ?? { look: 0, call: 0, strikes: 0, lastAt: now }
    const isAnotherLook = Math.abs(now - track.lastAt) > PAUSE_BETWEEN_LOOKS
    const next = isAnotherLook
      ? { look: track.look + 1, call: 1, strikes: 0, lastAt: now }
      : { ...track, call: track.call + 1, lastAt: now }
    this.#tracks.set(key, next)
    return next
  }
}

function isAbout(rule: FaultRule, kind: FaultKind, route: Route, subject: string): boolean {
  const isNamed = (rule.machineIds?.includes(subject) ?? true) && (rule.files?.includes(subject) ?? true)
  return isNamed && (rule.on ?? kind.on).includes(route)
}
