import type { Evidence } from './evidence.ts'
import type { FuzzMachine } from './fleet.ts'

/** What a case leaves open, by the design; all else must be as if nothing had happened. */
export interface Doubts {
  /** The machines that it is about. */
  touched: ReadonlySet<string>
  /** Looks that may have passed by a machine that it is not about, without a trace. */
  optionalLooks(machine: FuzzMachine): number[]
  /** Whether a machine belongs to the baseline cannot be told. */
  isFirstUnsure: boolean
  /** Rows of changes that may be gone or another's. */
  isChangeUnsure(machineId: string, kbId: string): boolean
}

export function doubtsOf(evidence: Evidence): Doubts {
  const { attack } = evidence.fuzzCase
  switch (attack.kind) {
    case 'answers':
      return ofAnswers(evidence, attack.machineId, attack.target !== 'missingKbs')
    case 'damage':
      return ofDamage(evidence)
    case 'refusal': {
      const { table, text } = attack
      const touched = table === 'machines' || table === 'missingkbs' ? [text] : []
      const isSure = table !== 'changes202603'
      return {
        touched: new Set(touched),
        // The storage refuses the KB, so that no machine that misses it can be written down.
        optionalLooks: () => (table === 'missingkbs' ? [evidence.fuzzCase.look] : []),
        isFirstUnsure: false,
        isChangeUnsure: (machineId, kbId) => !isSure && (machineId === text || kbId === text),
      }
    }
  }
}

const SURE = { isFirstUnsure: false, isChangeUnsure: () => false }

function ofAnswers({ fuzzCase: { look }, looks, snapshots }: Evidence, machineId: string, isOfListing: boolean): Doubts {
  // Where Defender refuses the app, the snapshot ends early.
  const isFailed = looks[look]?.snapshotIds.some((snapshotId) => snapshots.get(snapshotId)?.['status'] === 'failed') ?? false
  return {
    ...SURE,
    touched: new Set([machineId]),
    isFirstUnsure: look === 0 && (isOfListing || isFailed),
    optionalLooks(machine) {
      const wasKnown = look > 0 && machine.seen[look - 1]?.exists
      const isUnseen = isOfListing && !(wasKnown && machine.seen[look]?.exists)
      return isFailed || isUnseen ? [look] : []
    },
  }
}

function ofDamage({ fuzzCase: { look }, damaged, looks }: Evidence): Doubts {
  const isIn = (...tables: string[]) => damaged.some(({ table }) => tables.includes(table))
  const activeIds = looks[look]?.snapshotIds ?? []
  const isOfWork = isIn('tenants') || damaged.some(({ table, rowKey }) => table === 'snapshots' && activeIds.includes(rowKey))
  const keys = damaged.filter(({ table }) => table === 'changes202603').map(({ rowKey }) => rowKey)
  const touched = damaged.flatMap(({ table, partitionKey, rowKey }) => {
    if (table === 'machines') return [rowKey]
    return table === 'missingkbs' ? [partitionKey.split('|')[1] ?? ''] : []
  })
  return {
    touched: new Set(touched),
    optionalLooks: () => (isOfWork ? [look] : []),
    isFirstUnsure: isOfWork,
    isChangeUnsure: (machineId, kbId) => keys.some((key) => key === `${machineId}|${kbId}`),
  }
}
