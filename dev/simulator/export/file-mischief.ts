import { EXPORT_FAULTS } from './export-faults.ts'
import type { FaultName, FaultPlan, FaultRule } from '../faults.ts'
import type { ExportFile } from './vulnerability-exports.ts'

type FileFault = {
  [Name in keyof typeof EXPORT_FAULTS]: (typeof EXPORT_FAULTS)[Name] extends { on: readonly ['file'] } ? Name : never
}[keyof typeof EXPORT_FAULTS]

/** The faults that strike one fetching of a file, with their rules. */
export type FileMischief = Partial<Record<FileFault, FaultRule>>

/** To ask counts as a call. */
export function mischiefAt(file: ExportFile, faults: FaultPlan, now: number): FileMischief {
  const struck: FileMischief = {}
  for (const name of FILE_FAULTS) {
    const rule = faults.strike(name, 'file', file.name, now)
    if (rule) struck[name] = rule
  }
  return struck
}

const FILE_FAULTS = (Object.keys(EXPORT_FAULTS) as FaultName[]).filter((name): name is FileFault => name.startsWith('file'))
