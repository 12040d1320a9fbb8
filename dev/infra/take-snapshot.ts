import { join } from 'node:path'
import type { Bicep } from './bicep.ts'
import { infraFolder } from './sources.ts'

/** What every prediction is made for: names are made from ids, so these are fixed. */
const TARGET = [
  ...['--tenant-id', '00000000-0000-0000-0000-000000000001'],
  ...['--subscription-id', '00000000-0000-0000-0000-000000000002'],
  ...['--resource-group', 'patchtrail'],
  ...['--location', 'westeurope'],
  ...['--deployment-name', 'main'],
]

/**
 * Predicts every resource of a parameter set into the `.snapshot.json` beside it, or compares with that.
 * @returns what is wrong, or undefined
 */
export function takeSnapshot(bicep: Bicep, parameterSet: string, mode: 'overwrite' | 'validate'): string | undefined {
  const { code, stdout, stderr } = bicep('snapshot', join(infraFolder, parameterSet), '--mode', mode, ...TARGET)
  if (code === 0 && stderr.trim() === '') return undefined
  return `infra/${parameterSet} gives other resources than those committed:\n${stdout}${stderr}`
}
