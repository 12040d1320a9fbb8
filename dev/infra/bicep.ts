import { spawnSync } from 'node:child_process'

/** The version whose output is committed; `.ci/bicep.csproj` names it too. Another writes other words for the same template. */
export const BICEP_VERSION = '0.49.2'

/** Runs the command line; what it warns of is on its standard error, also where it ends well. */
export type Bicep = (...args: string[]) => { code: number; stdout: string; stderr: string }

export type FoundBicep = { ok: true; run: Bicep } | { ok: false; problem: string }

/** The Bicep command line that the variable BICEP names, else the one on the PATH, in the version that is wanted. */
export function findBicep(environment: NodeJS.ProcessEnv = process.env): FoundBicep {
  const command = environment['BICEP'] ?? 'bicep'
  const run: Bicep = (...args) => {
    const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    return { code: error === undefined ? (status ?? 1) : 127, stdout: stdout ?? '', stderr: stderr ?? '' }
  }
  const { code, stdout } = run('--version')
  const version = /version (\d+\.\d+\.\d+)/.exec(stdout)?.[1]
  if (code === 0 && version === BICEP_VERSION) return { ok: true, run }
  const found = code === 127 ? `There is no "${command}"` : `"${command}" is version ${version ?? 'unknown'}`
  return {
    ok: false,
    problem: `${found}; Bicep ${BICEP_VERSION} is wanted: https://github.com/Azure/bicep/releases/tag/v${BICEP_VERSION}, or .ci/bicep.csproj by the .NET SDK. The variable BICEP may name it.`,
  }
}
