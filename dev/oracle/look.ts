/** A snapshot that was taken, as whoever took it knows it. */
export interface Look {
  snapshotId: string
  /** Its start, epoch ms: what Defender knew then is what it must have found. */
  at: number
  manual: boolean
  /** Ids of the machines of which Defender said nothing. */
  unknown: ReadonlySet<string>
  /** Ids of the machines on which Defender has forgotten everything, though they miss what they missed. */
  forgotten: ReadonlySet<string>
  /** Calls that reached Defender while it was taken. */
  calls: number
  /** The process was killed on the way. */
  killed: boolean
}

/** `20260302T020000Z`, as the contract says. */
export const idOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
