import { z } from 'zod'
import type { Interval } from '../../domain/index.ts'

/** What is said only where a bulk source said it. */
export const derivedShape = {
  derived: z
    .literal(true)
    .optional()
    .describe("Derived from the vulnerability export, as the fix of single vulnerabilities: not Defender's own answer for the machine."),
  contains: z.array(z.string()).optional().describe('KBs that the export lists as well, and that this one contains: `include=contained`.'),
}

export const includeParameter = z
  .enum(['contained'])
  .optional()
  .describe('`contained`: what the vulnerability export lists beside a newer KB that contains it as well.')

export const containedIn = z.string().optional().describe('The KB that contains it; only with `include=contained`.')

export function toDerived({ derived, contains = [] }: Pick<Interval, 'derived'> & Partial<Pick<Interval, 'contains'>>): {
  derived?: true
  contains?: string[]
} {
  return { ...(derived && { derived }), ...(contains.length > 0 && { contains: [...contains] }) }
}
