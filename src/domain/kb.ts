import type { ResolvedReason } from './reasons.ts'
import { type AttributesOf, type Attributes, isDescribedAlike, pickAttributes, renewed, united } from './attribute.ts'

/**
 * What Defender says of a KB, each attribute once: the columns of the tables, the shapes of the answers, the feed's model and the reading
 * of Defender's own answer are spread from here. https://learn.microsoft.com/defender-endpoint/api/get-missing-kbs-machine
 */
export const KB_ATTRIBUTES = {
  /** A bulletin's name, shared by many KBs, e.g. `March 2020 Security Updates`. */
  kbName: { kind: 'text', description: "Defender's name of it." },
  /** e.g. `windows_10`, sorted, without duplicates. */
  productsNames: { kind: 'textList', description: 'Products it is for, joined by "; ".' },
  url: { kind: 'address', description: "Microsoft's page about it." },
  /** Counts within one answer: not comparable with those of other endpoints, and no change by themselves. */
  cveAddressed: { kind: 'count', description: 'Vulnerabilities it closes.' },
} as const satisfies Attributes

export type KbAttributes = AttributesOf<typeof KB_ATTRIBUTES>

/** What an answer for one machine says besides; read, and kept nowhere. */
const OF_THE_ANSWER = {
  machineMissedOn: { kind: 'count', description: 'Machines that miss it, by the answer for one of them.' },
  /** Undocumented, but live. */
  osBuild: { kind: 'text', description: 'Build of the operating system that misses it.' },
} as const satisfies Attributes

export const MISSING_KB_ATTRIBUTES = { ...KB_ATTRIBUTES, ...OF_THE_ANSWER } as const satisfies Attributes

/** A KB that a machine misses, as Defender describes it in its answer for that machine. */
export interface MissingKb extends KbAttributes, Partial<AttributesOf<typeof OF_THE_ANSWER>> {
  /** Opaque, though only digits without "KB" have been seen, e.g. `4540673`. */
  kbId: string
  /** Ids of other KBs that a bulk source lists for the machine and that this one contains; sorted, none where it names none. */
  contains?: readonly string[]
}

/** Pairs of a machine and a KB that were ever missing, and those of them that are no longer by what became of them: by their last interval. */
export interface PairOutcomes {
  opened: number
  became: Readonly<Record<ResolvedReason, number>>
}

/** Outcomes up to a snapshot, and up to the one before it: a snapshot that ends twice counts once. */
export interface KbOutcomes extends PairOutcomes {
  snapshotId: string
  before: PairOutcomes
}

/** A KB that a tenant's machines were ever seen missing. */
export interface Kb extends KbAttributes {
  kbId: string
  firstSeenSnapshotId: string
  /** The month of its cohort, `202605`; null in a row of an older version. */
  cohort: string | null
  /** What became of all its pairs up to the last snapshot that counted them; null where none did. */
  outcomes: KbOutcomes | null
  /** The last snapshot in which an answer named it; those answers gave the attributes above. */
  lastSeenSnapshotId: string
  /** Machines that missed it at the end of the last ended snapshot. */
  machinesMissing: number
  /** Of those, the machines that should have had it by then; null where that was not counted. */
  machinesOverdue: number | null
}

/** Per snapshot and KB: machines missing it at the snapshot's end, and how many changed in it. */
export interface KbTotal {
  kbId: string
  machinesMissing: number
  appeared: number
  resolved: number
}

export const kbAttributesOf = (described: KbAttributes): KbAttributes => pickAttributes(KB_ATTRIBUTES, described)

/** What is known of a KB after a newer description of it. */
export const renewedKb = (known: KbAttributes, newer: KbAttributes): KbAttributes => renewed(KB_ATTRIBUTES, known, newer)

/** Two answers' descriptions of one KB in one snapshot: the same in whatever order they come. */
export const kbInOneSnapshot = (one: KbAttributes, other: KbAttributes): KbAttributes =>
  united(KB_ATTRIBUTES, [one, other], (a, b) => (a <= b ? a : b))

export const isKbDescribedAlike = (one: KbAttributes, other: KbAttributes): boolean => isDescribedAlike(KB_ATTRIBUTES, one, other)

/** Of a KB that nothing was said of. */
export const UNDESCRIBED_KB: KbAttributes = { kbName: null, productsNames: [], url: null, cveAddressed: null }
