import TinyQueue from 'tinyqueue'
import { byText, type ExportedKb, type ExportedMachine } from '../../domain/index.ts'

interface Head {
  machine: ExportedMachine
  run: AsyncIterator<ExportedMachine>
}

/**
 * The machines of several runs, each of which is in the order of ids, in that order, each once: what runs say of one is united, and what has
 * only one value is the newest run's word, by the machine's report. Memory grows with the number of runs.
 */
export async function* mergeRuns(runs: readonly AsyncIterable<ExportedMachine>[]): AsyncGenerator<ExportedMachine> {
  const iterators = runs.map((run) => run[Symbol.asyncIterator]())
  const heads = new TinyQueue<Head>([], (one, other) => byText(one.machine.machineId, other.machine.machineId))
  const advance = async (run: AsyncIterator<ExportedMachine>) => {
    const next = await run.next()
    if (!next.done) heads.push({ machine: next.value, run })
  }
  try {
    for (const run of iterators) await advance(run)
    let machine: ExportedMachine | undefined
    for (let head = heads.pop(); head; head = heads.pop()) {
      if (machine && machine.machineId !== head.machine.machineId) yield machine
      machine = machine?.machineId === head.machine.machineId ? united(machine, head.machine) : head.machine
      await advance(head.run)
    }
    if (machine) yield machine
  } finally {
    for (const run of iterators) await run.return?.()
  }
}

/** What two runs say of one machine, the same in whatever order they come. */
export function united(one: ExportedMachine, other: ExportedMachine): ExportedMachine {
  const [older, newer] = isNewer(one, other) ? [other, one] : [one, other]
  return {
    machineId: one.machineId,
    osVersion: newer.osVersion ?? older.osVersion,
    reportedAt: newer.reportedAt,
    rbacGroupName: newer.rbacGroupName ?? older.rbacGroupName,
    kbs: unitedKbs(one.kbs, other.kbs),
  }
}

/** Of equally new ones the greater texts count, so that the order in which files are read does not. */
function isNewer(one: ExportedMachine, other: ExportedMachine): boolean {
  const rank = ({ reportedAt, osVersion, rbacGroupName }: ExportedMachine) => [reportedAt ?? '', osVersion ?? '', rbacGroupName ?? '']
  const [a, b] = [rank(one), rank(other)]
  const differing = a.findIndex((text, index) => text !== b[index])
  return differing >= 0 && byText(a[differing] ?? '', b[differing] ?? '') > 0
}

function unitedKbs(one: readonly ExportedKb[], other: readonly ExportedKb[]): readonly ExportedKb[] {
  if (other.length === 0) return one
  const products = new Map(one.map(({ kbId, productsNames }) => [kbId, productsNames]))
  for (const { kbId, productsNames } of other) {
    const known = products.get(kbId)
    products.set(kbId, known ? [...new Set([...known, ...productsNames])].sort(byText) : productsNames)
  }
  return [...products].map(([kbId, productsNames]) => ({ kbId, productsNames })).sort((a, b) => byText(a.kbId, b.kbId))
}
