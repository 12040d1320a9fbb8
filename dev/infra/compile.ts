import { join } from 'node:path'
import type { Bicep } from './bicep.ts'
import { infraFolder, sourcesHash } from './sources.ts'

export type Compiled = { ok: true; text: string } | { ok: false; problem: string }

/** `infra/main.bicep` as the text of `infra/azuredeploy.json`: the compiler's, and the hash of its sources. A warning counts as an error. */
export function compile(bicep: Bicep): Compiled {
  const { code, stdout, stderr } = bicep('build', join(infraFolder, 'main.bicep'), '--stdout')
  if (code !== 0 || stderr.trim() !== '') return { ok: false, problem: `infra/main.bicep does not compile cleanly:\n${stderr}` }
  const template = JSON.parse(stdout) as { metadata: object }
  return {
    ok: true,
    text: `${JSON.stringify({ ...template, metadata: { ...template.metadata, sourcesSha256: sourcesHash() } }, null, 2)}\n`,
  }
}
