import { z } from 'zod'
import type { AttributeKind } from './attribute.ts'
import { KB_ATTRIBUTES, type MissingKb } from './kb.ts'
import type { Machine } from './machine.ts'
import { type MachineEvidence, newestReport } from './reasons.ts'
import { SOURCE_KINDS, type SourceKind } from './snapshot.ts'
import { snapshotStartAt } from './snapshot-id.ts'

/** When and in which snapshot a machine came to its end. */
export interface SettledIn {
  snapshotId: string
  nowMs: number
}

/** What ended a machine's part in a snapshot, as far as its intervals are concerned. */
export const TRANSITION_OUTCOMES = ['observed', 'removed', 'excluded'] as const
export type TransitionOutcome = (typeof TRANSITION_OUTCOMES)[number]

/** Where an answer came from, and what it knew of the machine itself. */
export interface Provenance {
  source: SourceKind
  /** The instant of the answer, ISO 8601 UTC: of a bulk source, when it was made. */
  observedAt: string
  /** The machine's last report that the answer can know of, ISO 8601 UTC; null where the listing tells. */
  reportedAt: string | null
  /** Build of its operating system with the revision, `10.0.26100.7171`; null where the source does not know it. */
  osVersion: string | null
}

/** How a machine ended in a snapshot, as far as its intervals are concerned. `kbs` is what it is missing now: nothing, when it is gone. */
export interface Settlement extends Provenance {
  snapshotId: string
  outcome: TransitionOutcome
  kbs: readonly MissingKb[]
  /** Rows of the answer that named no KB: any of them may be one that seems to be gone, so nothing is closed. */
  dropped: number
  evidence: MachineEvidence
  /** Products of KBs that neither the answer nor the interval tells, as they are known by now. */
  products: Readonly<Record<string, readonly string[]>>
  /** The last snapshot that observed the machine before. */
  lastObservedSnapshotId: string | null
}

/** An attribute that is not in it was not known when the settlement was kept. */
const KEPT_ATTRIBUTES = {
  text: z.string().nullable().default(null),
  address: z.string().nullable().default(null),
  count: z.number().nullable().default(null),
  textList: z.array(z.string()).default([]),
} satisfies Record<AttributeKind, z.ZodType>

const attributes = Object.entries(KB_ATTRIBUTES).map(([name, { kind }]) => [name, KEPT_ATTRIBUTES[kind]] as const)
const contains = z.array(z.string()).optional()
const kb = z.object({ kbId: z.string(), contains, ...Object.fromEntries(attributes) }) as unknown as z.ZodType<MissingKb>

const UNKNOWN_SYSTEM = { osPlatform: null, version: null }
const system = z.object({ osPlatform: z.string().nullable(), version: z.string().nullable() })

/** A settlement as it is kept while its rows are written; an older version wrote '' for no observation before. */
const settlementSchema: z.ZodType<Settlement> = z.object({
  snapshotId: z.string(),
  outcome: z.enum(TRANSITION_OUTCOMES),
  source: z.enum(SOURCE_KINDS).default('perMachine'),
  observedAt: z.string(),
  reportedAt: z.string().nullable().default(null),
  osVersion: z.string().nullable().default(null),
  kbs: z.array(kb),
  dropped: z.number().default(0),
  evidence: z.object({
    startedAt: z.string(),
    firstObservation: z.boolean(),
    baseline: z.boolean(),
    rebased: z.boolean().default(false),
    lastSeen: z.string().nullable(),
    observedLastSeen: z.string().nullable(),
    system: system.default(UNKNOWN_SYSTEM),
    observedSystem: system.default(UNKNOWN_SYSTEM),
  }),
  products: z.record(z.string(), z.array(z.string())).default({}),
  lastObservedSnapshotId: z
    .string()
    .nullable()
    .transform((snapshotId) => snapshotId || null),
})

/** What a machine answered; of one that is gone, nothing. */
export type Answer = Pick<Settlement, 'kbs' | 'dropped' | keyof Provenance>

/** Of an answer by `getmissingkbs`. */
export const direct = (observedAt: string): Provenance => ({ source: 'perMachine', observedAt, reportedAt: null, osVersion: null })

export const provenanceOf = ({ source, observedAt, reportedAt, osVersion }: Provenance): Provenance => ({
  source,
  observedAt,
  reportedAt,
  osVersion,
})

/** How a machine ends in a snapshot, with the evidence by which its changes are judged. */
export function settlementOf(machine: Machine, { snapshotId, nowMs }: SettledIn, outcome: TransitionOutcome, answer: Answer): Settlement {
  const { kbs, dropped, source } = answer
  return {
    snapshotId,
    outcome,
    ...provenanceOf(answer),
    kbs,
    dropped,
    evidence: {
      // Ids never go back, and may be ahead of the time after a clock was.
      startedAt: earlier(snapshotStartAt(snapshotId), new Date(nowMs).toISOString()),
      firstObservation: machine.lastObservedSnapshotId === null,
      baseline: machine.baseline,
      rebased: outcome === 'observed' && machine.lastObservedSnapshotId !== null && machine.observedSource !== source,
      lastSeen: reportOf(machine, answer.reportedAt, nowMs),
      observedLastSeen: machine.observedLastSeen,
      system: { osPlatform: machine.osPlatform, version: machine.version },
      observedSystem: { osPlatform: machine.observedOsPlatform, version: machine.observedVersion },
    },
    products: {},
    lastObservedSnapshotId: machine.lastObservedSnapshotId,
  }
}

/** The machine's last report that an answer can know of, and that is known already: one of a listing may be newer than what a bulk source has seen. */
export function reportOf(machine: Machine, reportedAt: string | null, nowMs: number): string | null {
  return newestReport(reportedAt === null ? machine : { ...machine, lastSeen: reportedAt }, nowMs)
}

const earlier = (one: string, other: string) => (Date.parse(one) <= Date.parse(other) ? one : other)

/** Reads a settlement that was kept while its rows were written. */
export function readSettlement(json: string): Settlement {
  return settlementSchema.parse(JSON.parse(json))
}
