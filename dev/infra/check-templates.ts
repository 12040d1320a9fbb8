import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bicep } from './bicep.ts'
import { compile } from './compile.ts'
import { bicepFiles, COMPILED, infraFolder, parameterSets, root } from './sources.ts'
import { takeSnapshot } from './take-snapshot.ts'

const ANEW = 'Write it anew: npm run infra -- --write'

/**
 * Whether the template and all that it is made of compile and lint without a warning, are formatted, and make what is committed; and whether azd's
 * parameters are those of the template.
 * @returns what is wrong, in words for a person
 */
export function checkTemplates(bicep: Bicep): string[] {
  return [
    ...lintProblem(bicep),
    ...formatProblems(bicep),
    ...compiledProblem(bicep),
    ...parametersProblem(bicep),
    ...parameterSets().flatMap((path) => {
      const problem = takeSnapshot(bicep, path, 'validate')
      return problem === undefined ? [] : [`${problem}\n${ANEW}`]
    }),
  ]
}

/** Of a template its modules are linted with it, and a test sees to it that there is no module of none. */
function lintProblem(bicep: Bicep): string[] {
  const { code, stdout, stderr } = bicep('lint', join(infraFolder, 'main.bicep'))
  return code === 0 && stderr.trim() === '' ? [] : [`infra/main.bicep has warnings:\n${stdout}${stderr}`]
}

/** All in one process: each takes a second or two to start. */
function formatProblems(bicep: Bicep): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'patchtrail-infra-'))
  cpSync(infraFolder, folder, { recursive: true })
  bicep('format', '--pattern', join(folder, '**/*.bicep'))
  const differ = bicepFiles().filter((path) => readFileSync(join(folder, path), 'utf8') !== readFileSync(join(infraFolder, path), 'utf8'))
  rmSync(folder, { recursive: true })
  return differ.map((path) => `infra/${path} is not formatted. ${ANEW}`)
}

function compiledProblem(bicep: Bicep): string[] {
  const compiled = compile(bicep)
  if (!compiled.ok) return [compiled.problem]
  return compiled.text === readFileSync(join(root, COMPILED), 'utf8') ? [] : [`${COMPILED} is not what infra/main.bicep makes. ${ANEW}`]
}

function parametersProblem(bicep: Bicep): string[] {
  const { code, stderr } = bicep('build-params', join(infraFolder, 'main.bicepparam'), '--stdout')
  return code === 0 && stderr.trim() === '' ? [] : [`infra/main.bicepparam does not fit the template:\n${stderr}`]
}
