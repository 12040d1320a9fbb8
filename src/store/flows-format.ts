import { z } from 'zod'
import {
  AGE_BUCKETS,
  type AgeCounts,
  type DeadlineCounts,
  APPEARED_REASONS,
  ENDINGS,
  type Ending,
  type ExposureCounts,
  type Flows,
  type KbOutcomes,
  NO_AGES,
  NO_APPEARED,
  NO_FLOWS,
  NO_RESOLVED,
  type PairOutcomes,
  RESOLVED_REASONS,
  type Standings,
  type TakenOver,
} from '../domain/index.ts'
import { type Column, type ColumnsOf, integer, json, optionalInteger } from './columns.ts'
import { exposureCounts } from './exposure-counts-column.ts'

const deadlinesSchema: z.ZodType<DeadlineCounts> = z.object({
  policy: z.string(),
  overdue: z.number(),
  due: z.number(),
  none: z.number(),
  withoutFacts: z.number(),
  machinesOverdue: z.number(),
  machinesWithoutFacts: z.number(),
})

const ageCounts: Column<AgeCounts> = json<AgeCounts>(z.array(z.number()).length(AGE_BUCKETS.length), NO_AGES, () => false)

const counts = z.record(z.string(), z.number())

/** Counts by reason, always in one order; a reason of a later version is left out, one that is not there is 0. */
function countsBy<Name extends string>(
  names: readonly Name[],
  none: Readonly<Record<Name, number>>,
): Column<Readonly<Record<Name, number>>> {
  const known = json<Readonly<Record<string, number>>>(counts, {}, (stored) => Object.keys(stored).length === 0)
  return {
    encode: (values) => known.encode(Object.fromEntries(names.filter((name) => values[name] !== 0).map((name) => [name, values[name]]))),
    decode: (stored) => {
      const values = known.decode(stored)
      return values && { ...none, ...Object.fromEntries(names.map((name) => [name, values[name] ?? 0])) }
    },
  }
}

export const appearedCounts = countsBy(APPEARED_REASONS, NO_APPEARED)
export const resolvedCounts = countsBy(RESOLVED_REASONS, NO_RESOLVED)

const outcomesSchema = z.object({ opened: z.number(), became: counts })
const storedOutcomes = json(
  outcomesSchema.extend({ snapshotId: z.string(), before: outcomesSchema }).nullable(),
  null,
  (all) => all === null,
)

/** Outcomes in one text, always in one order. */
export const kbOutcomes: Column<KbOutcomes | null> = {
  encode: (outcomes) =>
    storedOutcomes.encode(outcomes && { snapshotId: outcomes.snapshotId, ...packed(outcomes), before: packed(outcomes.before) }),
  decode: (stored) => {
    const known = storedOutcomes.decode(stored)
    return known && { snapshotId: known.snapshotId, ...unpacked(known), before: unpacked(known.before) }
  },
}

const packed = ({ opened, became }: PairOutcomes) => ({
  opened,
  became: Object.fromEntries(RESOLVED_REASONS.filter((reason) => became[reason] !== 0).map((reason) => [reason, became[reason]])),
})

const unpacked = ({ opened, became }: z.infer<typeof outcomesSchema>): PairOutcomes => {
  const known = RESOLVED_REASONS.map((reason) => [reason, became[reason] ?? 0] as const)
  return { opened, became: { ...NO_RESOLVED, ...Object.fromEntries(known) } }
}

const takenOverSchema = z.array(z.object({ ending: z.enum(ENDINGS), endedDays: z.number(), exposedSince: z.string(), count: z.number() }))
export const takenOverColumn = json<readonly TakenOver[]>(takenOverSchema, [], (list) => list.length === 0)

/** What machines stand at, a column each. */
export const standingsColumns: ColumnsOf<Standings> = {
  machines: integer,
  observed: integer,
  silent: optionalInteger,
  unknown: integer,
  pairs: ageCounts,
  pairsAtLeast: ageCounts,
  machinesByAge: ageCounts,
  exposed: exposureCounts,
  deadlines: json<DeadlineCounts | null>(deadlinesSchema.nullable(), null, (counted) => counted === null),
}

type EndedColumns = Record<`ended_${Ending}`, ExposureCounts>

/** Flows as they are stored: a column for each ending, since all in one could be too long. */
export type StoredFlows = Omit<Flows, 'ended'> & EndedColumns

export const flowsColumns: ColumnsOf<StoredFlows> = {
  appeared: appearedCounts,
  ...(Object.fromEntries(ENDINGS.map((ending) => [`ended_${ending}`, exposureCounts])) as ColumnsOf<EndedColumns>),
  installedAtLeast: exposureCounts,
  takenOver: takenOverColumn,
}

export function toStoredFlows({ ended, appeared, installedAtLeast, takenOver }: Flows): StoredFlows {
  const columns = Object.fromEntries(ENDINGS.map((ending) => [`ended_${ending}`, ended[ending]])) as EndedColumns
  return { appeared, installedAtLeast, takenOver, ...columns }
}

export function fromStoredFlows(stored: StoredFlows): Flows {
  const ended = { ...NO_FLOWS.ended }
  for (const ending of ENDINGS) ended[ending] = stored[`ended_${ending}`]
  const { appeared, installedAtLeast, takenOver } = stored
  return { appeared, ended, installedAtLeast, takenOver }
}
