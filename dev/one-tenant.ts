import type { OneTenantServices, Program } from '../src/program.ts'

/** What a program works with that reads one tenant. Throws for any other, and for one that is broken. */
export function oneTenantOf(program: Program): OneTenantServices {
  if (program.kind === 'broken') throw new Error(`the configuration is broken: ${JSON.stringify(program.problems)}`)
  if (program.services.kind === 'many') throw new Error('the program reads many tenants')
  return program.services
}
