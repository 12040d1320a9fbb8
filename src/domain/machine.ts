import type { Beginning } from './exposure.ts'
import type { OpenGap } from './gap.ts'
import type { ListedMachine } from './listed-machine.ts'
import type { SourceKind } from './snapshot.ts'

/** How a machine ended in the snapshot that settled it last. */
export const MACHINE_STATES = ['observed', 'unknown', 'skipped', 'removed'] as const
export type MachineState = (typeof MACHINE_STATES)[number]

/** What Defender's listing says of a machine. */
export type MachineAttributes = Omit<ListedMachine, 'machineId' | 'osBuild'> & { osBuild: string | null }

/** How the machine stands with the latest listing. */
interface Standing {
  lastListedSnapshotId: string | null
  /** Its platform is one of MACHINE_PLATFORMS. */
  wanted: boolean
  /** Listed by the tenant's first snapshot: its first observation is the baseline. */
  baseline: boolean
  /** It exists, but MACHINE_FILTER leaves it out of the listing: not asked for again until it is listed. */
  filteredOut: boolean
}

/** How the machine ended in the snapshot that settled it last. */
interface Ending {
  settledSnapshotId: string | null
  /** null until first settled. */
  state: MachineState | null
  code: string | null
  detail: string | null
  /** HTTP status of the last failed answer, 0 where there was none. */
  status: number
  attempts: number
  /** The snapshot that owes it one more attempt at its end. */
  retryInSnapshotId: string | null
  /** The first of the snapshots on end that listed it as not onboarded. */
  notOnboardedSnapshotId: string | null
  /** The last snapshot that changed its intervals. */
  changedSnapshotId: string | null
  /** The name by which it is found in `names`. */
  namedAs: string | null
  /** The first snapshot that listed it; null before that has ended, or settled it, and in a row of an older version. */
  firstListedSnapshotId: string | null
}

/** The latest observation: what the next one is compared with. */
interface Observation {
  lastObservedSnapshotId: string | null
  observedAt: string | null
  /** `lastSeen` as it was known then: the evidence for `installed` against `reassessed`. */
  observedLastSeen: string | null
  /** What it came from. */
  observedSource: SourceKind
  /** Build of the operating system with the revision, where a source told it: `10.0.26100.7171`. */
  osVersion: string | null
  /** `osPlatform` and `version` as they were known then: the evidence for `upgraded`. */
  observedOsPlatform: string | null
  observedVersion: string | null
  /** Ids of the KBs missing; null where they are too many to be kept beside the machine: its intervals tell. */
  missingKbIds: readonly string[] | null
  /** Ids of KBs that those missing contain, and that a bulk source lists as well; null where they are too many to be kept. */
  containedKbIds: readonly string[] | null
  /** Since when each of them is missed, in their order; null where they are too many, or an older version wrote the row. */
  missingSince: readonly MissingSince[] | null
  missing: number
  oldestMissingAt: string | null
}

/** Since when a machine misses a KB, and lacks what it brings. */
export interface MissingSince extends Beginning {
  appearedSnapshotId: string
}

/** Whether it is in a gap, as the last snapshot found that ended. */
interface Witness {
  /** The gap that it is in; `unread` where its row does not tell: its gaps do. */
  gap: OpenGap | null | 'unread'
}

/** A machine: what was listed of it, how it ended in the last snapshot, and what it missed at its latest observation. */
export interface Machine extends MachineAttributes, Standing, Ending, Observation, Witness {
  machineId: string
}

/** The gap that a machine is in when a snapshot has ended, and since when it is known. */
export type MachineGap = Pick<Machine, 'machineId' | 'gap' | 'firstListedSnapshotId'>

/** What a listing brings of a machine. Where it leaves the platform out, that and whether it is wanted stay as they were. */
export type MachineListing = { machineId: string; lastListedSnapshotId: string } & Omit<MachineAttributes, 'osPlatform'> &
  Partial<Pick<MachineAttributes, 'osPlatform'>> &
  Partial<Omit<Standing, 'lastListedSnapshotId'>>

/** What a settled machine leaves: everything but its attributes and listing. */
export type MachineOutcome = { machineId: string; filteredOut: boolean } & Ending & Observation

/** What a settled machine leaves whose row is refused: none of the texts that may be to blame. */
export type UnstoredOutcome = Pick<
  MachineOutcome,
  | 'machineId'
  | 'settledSnapshotId'
  | 'state'
  | 'code'
  | 'detail'
  | 'status'
  | 'attempts'
  | 'retryInSnapshotId'
  | 'changedSnapshotId'
  | 'missingKbIds'
  | 'missing'
>

/** A machine without an observation in a snapshot. `status` is the last answer's HTTP status, 0 where there was none. */
export interface UnknownMachine {
  machineId: string
  computerDnsName: string | null
  status: number
  code: string
  detail: string
  attempts: number
}

/** What of a machine says why it was not observed. */
export function toUnknownMachine(machine: Pick<Machine, keyof UnknownMachine>): UnknownMachine {
  const { machineId, computerDnsName, status, code, detail, attempts } = machine
  return { machineId, computerDnsName, status, code: code ?? '', detail: detail ?? '', attempts }
}
