import { parseArgs } from 'node:util'
import { findBicep } from './bicep.ts'
import { checkTemplates } from './check-templates.ts'
import { writeTemplates } from './write-templates.ts'

/**
 * Checks the templates by the Bicep command line, or writes what is made from them. The exit code is 1 where something is wrong.
 * @param args `--write`
 */
export function infra(args: string[]): void {
  const { values } = parseArgs({ args, options: { write: { type: 'boolean', default: false } } })
  const bicep = findBicep()
  if (!bicep.ok) {
    console.error(bicep.problem)
    process.exitCode = 1
    return
  }
  if (values.write) return writeTemplates(bicep.run)
  const problems = checkTemplates(bicep.run)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
  else console.log('The templates compile without a warning, and what is committed is what they make.')
}
