import type { Source, SourcePorts } from './source.ts'

/** Asks `getmissingkbs` for each machine. https://learn.microsoft.com/defender-endpoint/api/get-missing-kbs-machine */
export function perMachine({ defender }: SourcePorts): Source {
  return {
    kind: 'perMachine',
    budget: 'missingKbs',
    observe: (machineId, anotherCall) => defender.missingKbs(machineId, anotherCall),
  }
}
