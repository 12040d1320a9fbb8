import { hoursBetween } from './sample-rotation.ts'
import { type Agreement, agreementOf, type ListName, listsLikeOf, type SampleFigures, shareOf } from './sample-figures.ts'
import type { Snapshot } from './snapshot.ts'

/** When an export counts as verified. */
export const VERIFICATION_POLICY = {
  /** Fewer machines say nothing either way. */
  leastMachines: 50,
  leastShare: 0.95,
  /** Samples that are kept: with four exports a day, a fortnight's. */
  mostKept: 60,
} as const

/** What a sample of before came to. */
export interface RecentSample extends Agreement {
  snapshotId: string
}

/** What a tenant keeps of the samples of its exports. */
export interface Sampling {
  /** The snapshot whose export is to be sampled; null where none is. */
  sampleSnapshotId: string | null
  /** Minutes from the export before to this one. */
  sampleMinutes: number
  /** The machine that was drawn last: the next sample begins behind it. */
  sampleAfter: string | null
  /** Not before this instant. */
  sampleRetryAt: string | null
  /** Newest first, no more than it takes to judge by. */
  recentSamples: readonly RecentSample[]
  /** When counts by product were last compared with Defender's. */
  countsComparedAt: string | null
}

/** What a snapshot that ends makes of its tenant's samples: the newest export is what is checked. One that failed observed nothing by it. */
export function samplingAfter(
  { snapshotId, status, source, sourceTime }: Pick<Snapshot, 'snapshotId' | 'status' | 'source' | 'sourceTime'>,
  lastExportAt: string | null,
): Partial<Sampling> {
  if (status === 'failed') return {}
  if (source !== 'export' || sourceTime === null) return { sampleSnapshotId: null, recentSamples: [] }
  const sampleMinutes = Math.round(hoursBetween(lastExportAt, sourceTime) * 60)
  return { sampleSnapshotId: snapshotId, sampleMinutes, sampleRetryAt: null }
}

/** The recent samples with that of a snapshot, in place of what there was of it: the newest that together have machines enough to judge by. */
export function withSample(recent: readonly RecentSample[], snapshotId: string, figures: SampleFigures): RecentSample[] {
  const { leastMachines, mostKept } = VERIFICATION_POLICY
  const kept: RecentSample[] = []
  let machines = 0
  for (const sample of [{ snapshotId, ...agreementOf(figures) }, ...recent.filter((one) => one.snapshotId !== snapshotId)]) {
    if (machines >= leastMachines || kept.length >= mostKept) break
    kept.push(sample)
    machines += sample.n
  }
  return kept
}

/** Whether what the export says is what Defender itself says of the machines. */
export interface Verification {
  /** null where too few machines were judged to tell. */
  verified: boolean | null
  /** Of the machines judged, those of which the list that agrees better is the truth. */
  share: number
  n: number
  listsLike: ListName | null
}

/** How the newest samples stand; null where no machine was judged. */
export function verificationOf(recent: readonly RecentSample[]): Verification | null {
  const sum = (name: keyof Agreement) => recent.reduce((total, sample) => total + sample[name], 0)
  const all = { n: sum('n'), newest: sum('newest'), raw: sum('raw') }
  const share = shareOf(all)
  if (share === null) return null
  return { verified: isVerified(all), share, n: all.n, listsLike: listsLikeOf(all) }
}

/** Whether the list that agrees better agrees well enough; null where too few machines were judged to tell. */
export function isVerified(agreement: Agreement): boolean | null {
  const { leastMachines, leastShare } = VERIFICATION_POLICY
  return agreement.n < leastMachines ? null : (shareOf(agreement) ?? 0) >= leastShare
}

/** What is the matter with an export that is not verified, for anyone: it names no machine and no KB. */
export function unverifiedDetail({ verified, share, n }: Verification): string | undefined {
  if (verified !== false) return undefined
  const percent = (part: number) => `${Math.floor(part * 1000) / 10} %`
  const found = `The export is unverified: of ${n} machines that Defender itself was asked about, ${percent(share)} miss what it says`
  return `${found}; ${percent(VERIFICATION_POLICY.leastShare)} are expected. GET /api/snapshots/latest/sample names them.`
}
