import { checkChanges, checkHistory } from './check-history.ts'
import { checkReads, isTold } from './check-reads.ts'
import { checkRecovery } from './check-recovery.ts'
import { checkWitnesses } from './check-witnesses.ts'
import { TABLES, type TableName } from './damage.ts'
import { doubtsOf } from './doubts.ts'
import { type Evidence, readInterval } from './evidence.ts'
import { LOOKS } from './fleet.ts'
import type { FuzzCase } from './fuzz-case.ts'
import type { FuzzDefender } from './fuzz-defender.ts'
import { openFuzzWorld } from './fuzz-world.ts'
import { type Damaged, inflict, type Row, rowsOf } from './stored-rows.ts'
import { type Look, type LookPorts, takeLook } from './take-look.ts'

/** Of the processor, for one case: a bound for what hangs, or grows with the square of what came. None takes a fifth of it. */
const LONGEST_CASE_MS = 6_000

/** Takes the looks of a case and judges what came of them: everything that is wrong, in words. */
export async function runCase(fuzzCase: FuzzCase, defender: FuzzDefender): Promise<string[]> {
  const world = openFuzzWorld(defender)
  defender.play(fuzzCase)
  const before = process.cpuUsage()
  const ports: LookPorts = { fuzzCase, world, defender, damaged: [] }
  try {
    const looks = await takeLooks(ports)
    const troubles = looks.flatMap((look) => look.troubles)
    if (troubles.length > 0) return troubles
    const stored = await allRows(ports, looks)
    const judged = [...judge(evidenceOf(ports, looks, stored)), ...(await checkAfterwards(ports, looks, stored))]
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000 > LONGEST_CASE_MS ? [...judged, `it took ${(user + system) / 1e6} s of the processor`] : judged
  } finally {
    await world.close()
  }
}

async function takeLooks(ports: LookPorts): Promise<Look[]> {
  const { fuzzCase, world, defender } = ports
  const { attack } = fuzzCase
  const looks: Look[] = []
  for (let index = 0; index < LOOKS; index++) {
    const isNow = index === fuzzCase.look
    defender.look = index
    defender.breakOffAt = isNow && attack.kind === 'damage' && attack.moment === 'within' ? 2 + (fuzzCase.index % 7) : -1
    world.tables.refusing = isNow && attack.kind === 'refusal' ? attack : undefined
    if (isNow && attack.kind === 'damage' && attack.moment === 'before') await inflictAll(ports)
    const look = await takeLook(ports, index)
    looks.push(look)
    if (look.troubles.length > 0) break
    const ids = looks.flatMap(({ snapshotIds }) => snapshotIds)
    // What the next look would put right is read as it is.
    if (isNow && attack.kind !== 'answers') look.troubles.push(...(await checkReads(world, fuzzCase, ids)))
  }
  return looks
}

async function inflictAll({ fuzzCase: { attack }, world, damaged }: LookPorts): Promise<void> {
  if (attack.kind !== 'damage') return
  for (const damage of attack.damage) {
    const done: Damaged | undefined = await inflict(world.tables, damage)
    if (done) damaged.push(done)
  }
}

type Stored = Record<TableName, Row[]>

async function allRows({ world }: LookPorts, looks: readonly Look[]): Promise<Stored> {
  const rows = await Promise.all(TABLES.map(async (table) => [table, await rowsOf(world.tables, table)] as const))
  const stored = Object.fromEntries(rows) as Stored
  // Where somebody wrote that the newest snapshot is of a year to come, so are those behind it.
  const months = new Set(looks.flatMap(({ snapshotIds }) => snapshotIds.map((snapshotId) => snapshotId.slice(0, 6))))
  const others = [...months].filter((month) => month !== '202603').map((month) => rowsOf(world.tables, `changes${month}`))
  return { ...stored, changes202603: [stored.changes202603, ...(await Promise.all(others))].flat() }
}

function evidenceOf({ fuzzCase, defender, damaged }: LookPorts, looks: readonly Look[], stored: Stored): Evidence {
  const byKey = (rows: readonly Row[]) => new Map(rows.map((row) => [row.rowKey, row]))
  return {
    fuzzCase,
    looks,
    damaged,
    served: defender.served,
    intervals: stored.missingkbs.flatMap((row) => readInterval(looks, row)),
    changes: stored.changes202603,
    machines: byKey(stored.machines),
    snapshots: byKey(stored.snapshots),
  }
}

function judge(evidence: Evidence): string[] {
  const doubts = doubtsOf(evidence)
  const isOfRows = evidence.fuzzCase.attack.kind === 'damage'
  const touched = [...doubts.touched]
  const all = evidence.fuzzCase.fleet.machines.map(({ id }) => id)
  return [
    ...checkHistory(evidence, doubts),
    ...(isOfRows ? touched : all).flatMap((machineId) => checkWitnesses(evidence, machineId)),
    ...(isOfRows ? [] : touched.flatMap((machineId) => checkChanges(evidence, doubts, machineId))),
    ...checkRecovery(evidence),
  ]
}

async function checkAfterwards({ fuzzCase, world, defender }: LookPorts, looks: readonly Look[], stored: Stored): Promise<string[]> {
  const ids = looks.flatMap(({ snapshotIds }) => snapshotIds)
  return [
    ...(await checkReads(world, fuzzCase, ids)),
    ...world.log.filter(isTold).map((line) => `the log tells a secret: ${line}`),
    ...world.logProblems,
    ...Object.values(stored)
      .flat()
      .filter((row) => isTold(Object.values(row).join()))
      .map((row) => `a row holds a secret: ${row.partitionKey} ${row.rowKey}`),
    ...defender.strays.map((stray) => `a call went astray: ${stray}`),
  ]
}
