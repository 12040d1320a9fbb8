import { type Flows, over30, resolvedOf, sharesOf, type SnapshotStatus, type Standings, sumOf } from '../../domain/index.ts'

/** What machines stood at, flat. */
export function standingsColumns(standings: Standings, status?: SnapshotStatus) {
  const { machines, observed, silent, unknown, pairs, pairsAtLeast, machinesByAge } = standings
  const [pairs0To7 = 0, pairs8To30 = 0, pairs31To60 = 0, pairs61To90 = 0, pairsOver90 = 0] = pairs
  return {
    ...sharesOf(standings, status),
    machinesAsked: machines,
    machinesObserved: observed,
    machinesSilent: silent,
    machinesUnknown: unknown,
    pairs: sumOf(pairs),
    ...{ pairs0To7, pairs8To30, pairs31To60, pairs61To90, pairsOver90 },
    pairsAtLeast: sumOf(pairsAtLeast),
    machinesMissing: sumOf(machinesByAge),
    machinesOver30: over30(machinesByAge),
  }
}

/** What came to pass, flat. */
export function flowsColumns(flows: Flows) {
  const { baseline, machineAdded, reopened, rebased: appearedRebased, new: appearedNew } = flows.appeared
  const { installed, superseded, upgraded, silent, reassessed, removed, excluded, rebased } = resolvedOf(flows)
  return {
    ...{ appearedBaseline: baseline, appearedMachineAdded: machineAdded, appearedReopened: reopened, appearedRebased, appearedNew },
    ...{ installed, superseded, upgraded, silent, reassessed, removed, excluded, rebased },
  }
}
