import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bicep } from './bicep.ts'
import { compile } from './compile.ts'
import { root } from '../run-step.mjs'
import { bicepFiles, COMPILED, infraFolder, parameterSets } from './sources.ts'
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

/** What azd passes where nobody set anything: the template's own defaults, but for what azd does itself or asks for. */
const NOT_DEFAULTS = ['environmentName', 'location', 'publishPackage']

function parametersProblem(bicep: Bicep): string[] {
  const { code, stdout, stderr } = bicep('build-params', join(infraFolder, 'main.bicepparam'), '--stdout')
  if (code !== 0 || stderr.trim() !== '') return [`infra/main.bicepparam does not fit the template:\n${stderr}`]
  const built = JSON.parse(stdout) as { parametersJson: string; templateJson: string }
  const { parameters: given } = JSON.parse(built.parametersJson) as Parameters<'value'>
  const { parameters: known } = JSON.parse(built.templateJson) as Parameters<'defaultValue'>
  return Object.entries(given)
    .filter(([name]) => !NOT_DEFAULTS.includes(name))
    .filter(([name, { value }]) => !isSame(value, known[name]?.defaultValue))
    .map(([name]) => `infra/main.bicepparam and infra/main.bicep have different defaults of ${name}.`)
}

interface Parameters<K extends string> {
  parameters: Record<string, { [_ in K]?: unknown }>
}

/** Of settings a blank one counts as none. */
const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one, withoutBlanks) === JSON.stringify(other, withoutBlanks)
const withoutBlanks = (key: string, value: unknown) => (key !== '' && value === '' ? undefined : value)
