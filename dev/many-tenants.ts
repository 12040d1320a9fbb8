import type { ManyTenantsServices, Program } from '../src/program.ts'

/** What a program works with that reads many tenants. Throws for any other, and for one that is broken. */
export function manyTenantsOf(program: Program): ManyTenantsServices {
  if (program.kind === 'broken') throw new Error(`the configuration is broken: ${JSON.stringify(program.problems)}`)
  if (program.services.kind === 'one') throw new Error('the program reads one tenant')
  return program.services
}
