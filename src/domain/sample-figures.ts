import { byText } from './by-text.ts'
import { foldedKbId, withoutKb } from './kb-id.ts'
import { type SampleJudgement, type Verdict, VERDICTS } from './sample-verdict.ts'

/** Which list of an export is Defender's own answer, as a rule: all that it names, or of each cumulative product the newest. */
export const LISTS = ['newest', 'raw'] as const
export type ListName = (typeof LISTS)[number]

/** Machines by how a list stands to the truth. */
export type VerdictCounts = Readonly<Record<Verdict, number>>

/** What a sample of an export came to. */
export interface SampleFigures extends Readonly<Record<ListName, VerdictCounts>> {
  /** Machines that were to be judged. */
  due: number
  /** Machines judged: what every share is of. */
  n: number
  /** Machines that reported after the export was made: what they miss may be another by now, so they are in no share. */
  moved: number
  /** Machines for which Defender gave no answer that could be compared. */
  unanswered: number
  /** When a machine was asked last; null before the first. */
  askedAt: string | null
  /** Whether it is over: until then more machines may come. */
  isDone: boolean
}

/** What became of a machine that was drawn. */
export type Sampled = { kind: 'judged'; judgement: SampleJudgement } | { kind: 'moved' } | { kind: 'unanswered' }

const NO_VERDICTS = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as VerdictCounts

/** A sample of which so many machines are due, before the first is asked. */
export const newSample = (due: number): SampleFigures => ({
  due,
  n: 0,
  moved: 0,
  unanswered: 0,
  newest: NO_VERDICTS,
  raw: NO_VERDICTS,
  askedAt: null,
  isDone: false,
})

/** The figures with one more machine. */
export function withSampled(figures: SampleFigures, sampled: Sampled): SampleFigures {
  if (sampled.kind !== 'judged') return { ...figures, [sampled.kind]: figures[sampled.kind] + 1 }
  const { newest, raw } = sampled.judgement
  return { ...figures, n: figures.n + 1, newest: oneMore(figures.newest, newest.verdict), raw: oneMore(figures.raw, raw.verdict) }
}

const oneMore = (counts: VerdictCounts, verdict: Verdict): VerdictCounts => ({ ...counts, [verdict]: counts[verdict] + 1 })

/** Machines of which each list is the truth. */
export type Agreement = Readonly<Record<ListName, number>> & { n: number }

export const agreementOf = ({ n, newest, raw }: Pick<SampleFigures, ListName | 'n'>): Agreement => ({
  n,
  newest: newest.equal,
  raw: raw.equal,
})

/** The share of the machines judged of which the list that agrees better is the truth; null where none was judged. */
export const shareOf = ({ n, newest, raw }: Agreement): number | null => (n === 0 ? null : Math.max(newest, raw) / n)

/** The list that agrees better with Defender's own answers; null where both agree alike, and nothing can be told. */
export function listsLikeOf({ newest, raw }: Agreement): ListName | null {
  if (newest === raw) return null
  return newest > raw ? 'newest' : 'raw'
}

/** In how many machines judged a KB is in both lists, in the export's alone (`more`), or in Defender's answer alone (`less`). */
export interface KbFigures {
  kbId: string
  newestAgreed: number
  newestMore: number
  newestLess: number
  rawAgreed: number
  rawMore: number
  rawLess: number
}

/** Adds a machine judged to the figures by KB, under the id that all spellings share. */
export function countKbs(kbs: Map<string, KbFigures>, { newest, raw }: SampleJudgement): void {
  const add = (kbIds: readonly string[], name: Exclude<keyof KbFigures, 'kbId'>) => {
    for (const kbId of kbIds) {
      const id = foldedKbId(withoutKb(kbId))
      const before = kbs.get(id) ?? noFigures(kbId)
      kbs.set(id, { ...before, [name]: before[name] + 1 })
    }
  }
  add(newest.agreed, 'newestAgreed')
  add(newest.more, 'newestMore')
  add(newest.less, 'newestLess')
  add(raw.agreed, 'rawAgreed')
  add(raw.more, 'rawMore')
  add(raw.less, 'rawLess')
}

const noFigures = (kbId: string): KbFigures => ({
  kbId,
  newestAgreed: 0,
  newestMore: 0,
  newestLess: 0,
  rawAgreed: 0,
  rawMore: 0,
  rawLess: 0,
})

const disagreements = ({ newestMore, newestLess, rawMore, rawLess }: KbFigures) => newestMore + newestLess + rawMore + rawLess

/** The KBs that lists disagree on, those on most machines first, no more than so many. */
export function disputedKbs(kbs: Iterable<KbFigures>, most: number): KbFigures[] {
  return [...kbs]
    .filter((kb) => disagreements(kb) > 0)
    .sort((one, other) => disagreements(other) - disagreements(one) || byText(one.kbId, other.kbId))
    .slice(0, most)
}

/** A machine of which a list is not the truth. */
export interface DisputedMachine {
  machineId: string
  computerDnsName: string | null
  newest: Verdict
  raw: Verdict
  newestMore: readonly string[]
  newestLess: readonly string[]
  rawMore: readonly string[]
  rawLess: readonly string[]
}

/** What is told of a machine whose lists are not both the truth, with no more than so many KBs of each kind; undefined where both are. */
export function disputedMachine(
  { machineId, computerDnsName }: Pick<DisputedMachine, 'machineId' | 'computerDnsName'>,
  { newest, raw }: SampleJudgement,
  mostKbs: number,
): DisputedMachine | undefined {
  if (newest.verdict === 'equal' && raw.verdict === 'equal') return undefined
  const some = (kbIds: readonly string[]) => kbIds.slice(0, mostKbs)
  return {
    machineId,
    computerDnsName,
    newest: newest.verdict,
    raw: raw.verdict,
    newestMore: some(newest.more),
    newestLess: some(newest.less),
    rawMore: some(raw.more),
    rawLess: some(raw.less),
  }
}
