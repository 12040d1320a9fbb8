import { byText } from './by-text.ts'
import { foldedKbId, withoutKb } from './kb-id.ts'

/** How what a bulk source lists for a machine stands to Defender's own answer for it: the same, more KBs, fewer, or both. */
export const VERDICTS = ['equal', 'more', 'less', 'both'] as const
export type Verdict = (typeof VERDICTS)[number]

/** How one list stands to the truth, KB by KB; each list sorted. */
export interface Judgement {
  verdict: Verdict
  /** In both. */
  agreed: readonly string[]
  /** In the list, and not in the truth. */
  more: readonly string[]
  /** In the truth, and not in the list. */
  less: readonly string[]
}

/** A machine's two lists: all that the bulk source names, and of each cumulative product the newest. */
export interface SampleJudgement {
  newest: Judgement
  raw: Judgement
}

/** Judges what a bulk source lists for a machine (`raw`), and what that was reduced to, by Defender's own answer (`truth`). */
export function judgeSample(truth: readonly string[], raw: readonly string[], reduced: readonly string[]): SampleJudgement {
  const known = byId(truth)
  return { newest: judge(known, byId(reduced)), raw: judge(known, byId(raw)) }
}

/** By the id that all spellings of a KB share: one source may put "KB" in front. The first spelling stays. */
function byId(kbIds: readonly string[]): ReadonlyMap<string, string> {
  const known = new Map<string, string>()
  for (const kbId of kbIds) {
    const id = foldedKbId(withoutKb(kbId))
    if (!known.has(id)) known.set(id, kbId)
  }
  return known
}

function judge(truth: ReadonlyMap<string, string>, listed: ReadonlyMap<string, string>): Judgement {
  const sorted = (kbs: ReadonlyMap<string, string>, isTaken: (id: string) => boolean) =>
    [...kbs].flatMap(([id, kbId]) => (isTaken(id) ? [kbId] : [])).sort(byText)
  const more = sorted(listed, (id) => !truth.has(id))
  const less = sorted(truth, (id) => !listed.has(id))
  return { verdict: verdictOf(more.length > 0, less.length > 0), agreed: sorted(listed, (id) => truth.has(id)), more, less }
}

function verdictOf(hasMore: boolean, hasLess: boolean): Verdict {
  if (hasMore) return hasLess ? 'both' : 'more'
  return hasLess ? 'less' : 'equal'
}
