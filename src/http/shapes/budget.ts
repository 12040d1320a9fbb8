import { z } from 'zod'
import { budgetUse, type Spent } from '../../sync/index.ts'
import type { OpenTenant } from '../../open-tenant.ts'
import { count, instant } from './values.ts'

const windowUse = z.object({ used: count, limit: count })

export const budgetSchema = z
  .object({ minute: windowUse, hour: windowUse, nextCallAt: instant.describe('When the next call for missing KBs may be sent.') })
  .describe('Calls for missing KBs that count against the quota now.')

const NOTHING_SPENT: Spent = { notBefore: null, missingKbsBudget: null }

export function toBudget(
  { config, outside }: Pick<OpenTenant, 'config' | 'outside'>,
  spent: Spent = NOTHING_SPENT,
): z.infer<typeof budgetSchema> {
  const { minute, hour, nextCallAtMs } = budgetUse(config.sync, spent, outside.clock.now())
  return { minute, hour, nextCallAt: new Date(nextCallAtMs).toISOString() }
}
