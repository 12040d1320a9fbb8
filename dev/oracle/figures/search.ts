import type { Ledger } from '../ledger.ts'
import type { Question } from '../question.ts'
import { kbIdsOf } from './kbs.ts'

const MOST = 50

/** Machines and KBs are found by how they begin, in any letter case. */
export function searchQuestions(ledger: Ledger): Question[] {
  return [...searchForMachines(ledger), ...searchForKbs(ledger)]
}

function searchForMachines(ledger: Ledger): Question[] {
  const machines = [...ledger.machines].map(([machineId, { listed }]) => ({ machineId, name: listed.name }))
  return ['SRV-', 'ws-0000'].map((beginning) => {
    const found = machines.filter(({ name }) => name?.startsWith(beginning.toLowerCase()))
    const inOrder = found.sort((a, b) => (`${a.name}|${a.machineId}` < `${b.name}|${b.machineId}` ? -1 : 1)).slice(0, MOST)
    const shown = inOrder.map(({ machineId, name }) => ({ machineId, computerDnsName: name }))
    return { path: `/api/search?q=${beginning}&limit=${MOST}`, expected: { machines: shown, kbs: [] } }
  })
}

function searchForKbs(ledger: Ledger): Question[] {
  return ['KB508', '507'].map((beginning) => {
    const found = kbIdsOf(ledger).filter((kbId) => kbId.startsWith(beginning.replace('KB', '')))
    const kbs = found.slice(0, MOST).map((kbId) => ({ kbId, kbName: ledger.kb(kbId).name }))
    return { path: `/api/search?q=${beginning}&limit=${MOST}`, expected: { kbs } }
  })
}
