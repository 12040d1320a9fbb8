import type { SourceKind } from '../domain/index.ts'
import { vulnerabilityExport } from './export/vulnerability-export.ts'
import { perMachine } from './per-machine.ts'
import type { Source, SourcePorts } from './source.ts'

export { mergeRuns } from './export/merge-runs.ts'
export { MachineSets } from './export/machine-sets.ts'
export { PairRegister } from './export/pair-register.ts'
export { readFile } from './export/read-file.ts'
export { READING_POLICY } from './export/reading-policy.ts'
export type { Source, SourcePorts } from './source.ts'

/** Every kind of source: a new one is a file and an entry. */
const SOURCES: Readonly<Record<SourceKind, (ports: SourcePorts) => Source>> = {
  perMachine,
  export: vulnerabilityExport,
}

export const openSource = (kind: SourceKind, ports: SourcePorts): Source => SOURCES[kind](ports)
