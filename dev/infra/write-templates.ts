import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bicep } from './bicep.ts'
import { compile } from './compile.ts'
import { root } from '../run-step.mjs'
import { COMPILED, infraFolder, parameterSets } from './sources.ts'
import { takeSnapshot } from './take-snapshot.ts'

/** Formats the templates, and writes the compiled one and the resources of each parameter set. */
export function writeTemplates(bicep: Bicep): void {
  bicep('format', '--pattern', join(infraFolder, '**/*.bicep'))
  const compiled = compile(bicep)
  if (!compiled.ok) throw new Error(compiled.problem)
  writeFileSync(join(root, COMPILED), compiled.text)
  for (const path of parameterSets()) {
    const problem = takeSnapshot(bicep, path, 'overwrite')
    if (problem !== undefined) throw new Error(problem)
  }
  console.log(`Written: ${COMPILED}, and ${parameterSets().length} snapshots of resources in infra/snapshots.`)
}
