import { z } from 'zod'
import {
  AGE_BUCKETS,
  type AgeCounts,
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
  RESOLVED_REASONS,
  type ResolvedReason,
  type Standings,
  type TakenOver,
} from '../domain/index.ts'
import { type Column, type ColumnsOf, integer, json, optionalInteger } from './columns.ts'
import { exposureCounts } from './exposure-counts-column.ts'

const ageCounts: Column<AgeCounts> = json<AgeCounts>(z.array(z.number()).length(AGE_BUCKETS.length), NO_AGES, () => false)

/** Counts by reason; a reason of a later version is left out, one that is not there is 0. */
function countsBy<Name extends string>(
  names: readonly Name[],
  none: Readonly<Record<Name, number>>,
): Column<Readonly<Record<Name, number>>> {
  const schema = z.record(z.string(), z.number()).transform((stored) => {
    const known = names.map((name) => [name, stored[name] ?? 0] as const)
    return Object.fromEntries(known) as Record<Name, number>
  })
  const isNone = (counts: Readonly<Record<Name, number>>) => names.every((name) => counts[name] === 0)
  return json<Readonly<Record<Name, number>>>(schema, none, isNone)
}

export const appearedCounts = countsBy(APPEARED_REASONS, NO_APPEARED)
export const resolvedCounts = countsBy(RESOLVED_REASONS, NO_RESOLVED)

const outcomesSchema = z.object({ opened: z.number(), became: z.record(z.string(), z.number()).transform(filled) })

export const kbOutcomes = json<KbOutcomes | null>(
  outcomesSchema.extend({ snapshotId: z.string(), before: outcomesSchema }).nullable(),
  null,
  (outcomes) => outcomes === null,
)

function filled(stored: Readonly<Record<string, number>>): Record<ResolvedReason, number> {
  return { ...NO_RESOLVED, ...stored }
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
