import { z } from 'zod'
import {
  type CountFigures,
  type DisputedMachine,
  type KbFigures,
  newSample,
  NOTHING_COMPARED,
  type SampleFigures,
  type Turn,
  turnFrom,
  VERDICTS,
} from '../../domain/index.ts'
import { parseJson } from '../../parse-json.ts'
import { countFigures, sampleFigures } from '../../store/index.ts'
import { stringify } from '../totals/packed-sums.ts'

/** How far a sample is, and what it has come to. */
export interface SampleState {
  snapshotId: string
  turn: Turn
  /** Machines that were asked for, whatever they said. */
  asked: number
  machinesDone: boolean
  figures: SampleFigures
  /** The first that were found, in the order of the turn. */
  disputed: DisputedMachine[]
  /** By the id that all spellings share. */
  kbs: Map<string, KbFigures>
  /** Slices on end that spent calls and came no further. */
  stalledSlices: number
  /** The last product that was compared; null before the first. */
  productsThrough: string | null
  countsDone: boolean
  /** null where nothing is compared, since that was done a short while ago. */
  counts: CountFigures | null
}

const kbIds = z.array(z.string())
const verdict = z.enum(VERDICTS)
const disputed = z.object({
  machineId: z.string(),
  computerDnsName: z.string().nullable(),
  newest: verdict,
  raw: verdict,
  newestMore: kbIds,
  newestLess: kbIds,
  rawMore: kbIds,
  rawLess: kbIds,
})
const kb = z.object({
  kbId: z.string(),
  newestAgreed: z.number(),
  newestMore: z.number(),
  newestLess: z.number(),
  rawAgreed: z.number(),
  rawMore: z.number(),
  rawLess: z.number(),
})

const schema = z.object({
  snapshotId: z.string(),
  turn: z.object({ beganAfter: z.string().nullable(), after: z.string().nullable(), hasWrapped: z.boolean() }),
  asked: z.number(),
  machinesDone: z.boolean(),
  figures: sampleFigures,
  disputed: z.array(disputed),
  kbs: z.array(z.tuple([z.string(), kb])),
  stalledSlices: z.number(),
  productsThrough: z.string().nullable(),
  countsDone: z.boolean(),
  counts: countFigures.nullable(),
})

/** A sample of which so many machines are due, from behind a machine; `compares`: counts by product are compared as well. */
export function newSampleState(
  snapshotId: string,
  { due, after, compares }: { due: number; after: string | null; compares: boolean },
): SampleState {
  return {
    snapshotId,
    turn: turnFrom(after),
    asked: 0,
    machinesDone: false,
    figures: newSample(due),
    disputed: [],
    kbs: new Map(),
    stalledSlices: 0,
    productsThrough: null,
    countsDone: !compares,
    counts: compares ? NOTHING_COMPARED : null,
  }
}

export const packSample = (state: SampleState): string => stringify(state)

/** How far the sample of a snapshot is; undefined where the text is none, or of another one: it begins anew then. */
export function unpackSample(text: string | undefined, snapshotId: string): SampleState | undefined {
  const { data } = schema.safeParse(text === undefined ? undefined : parseJson(text))
  return data?.snapshotId === snapshotId ? { ...data, kbs: new Map(data.kbs) } : undefined
}

export const isOver = ({ machinesDone, countsDone }: SampleState): boolean => machinesDone && countsDone
