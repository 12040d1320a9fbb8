import type { Config } from '../config/index.ts'
import { createSpender, LONGEST_PAUSE_MS, MACHINES_QUOTA, nextSliceAt, type Quota, type Spender } from '../defender/budget/index.ts'
import { DEFENDER_POLICY } from '../defender/index.ts'
import type { TenantRow } from '../store/index.ts'
import type { Lease } from './lease.ts'
import type { TickPorts } from './tick-ports.ts'

/** Defender counts the calls for KBs and those for machines apart. */
export type BudgetName = 'missingKbs' | 'machines'

/** The tenant's columns that keep what was spent. */
export const LEDGER_COLUMN = { missingKbs: 'missingKbsBudget', machines: 'machinesBudget' } as const satisfies Record<
  BudgetName,
  keyof TenantRow
>

const isBudgetName = (text: string): text is BudgetName => text in LEDGER_COLUMN

function quotaOf(budget: BudgetName, { sync }: Config): Quota {
  return budget === 'machines' ? MACHINES_QUOTA : { perMinute: sync.callsPerMinute, perHour: sync.callsPerHour }
}

/** Calls that a slice asks for at first when nobody knows how many it needs: those by id are few. */
const MACHINES_WANTED = 10

/** The budgets of a slice, that reserve in the tenant's row; `wanted` tells how many calls for KBs there is work for. */
export function openBudgets(
  { config, outside }: TickPorts,
  lease: Lease,
  deadlineMs: number,
  wanted: () => number,
): Record<BudgetName, Spender> {
  const limits = {
    deadlineMs,
    callTimeoutMs: DEFENDER_POLICY.callTimeoutMs + DEFENDER_POLICY.tokenTimeoutMs,
    maxPauseMs: LONGEST_PAUSE_MS,
  }
  const open = (budget: BudgetName, callsWanted: () => number): Spender =>
    createSpender({
      quota: quotaOf(budget, config),
      stored: {
        text: lease.tenant[LEDGER_COLUMN[budget]] || undefined,
        save: (ledgerText) => lease.update({ [LEDGER_COLUMN[budget]]: ledgerText }),
      },
      outside,
      limits,
      wanted: callsWanted,
    })
  return { missingKbs: open('missingKbs', wanted), machines: open('machines', () => MACHINES_WANTED) }
}

/**
 * When a slice can make a call of the kind that the last one had none left of: undefined when it need not be waited for. Judged by the
 * local clock and the store's ledger: a clock that is wrong costs an idle slice or a few minutes, never a call too many.
 */
export function waitsForBudgetUntil(tenant: TenantRow, config: Config, now: number): number | undefined {
  const { waitsForBudget } = tenant
  if (!isBudgetName(waitsForBudget)) return undefined
  const ledgerText = tenant[LEDGER_COLUMN[waitsForBudget]] || undefined
  const freeAt = nextSliceAt(ledgerText, quotaOf(waitsForBudget, config), { earliestMs: now, latestMs: now })
  return freeAt - now > LONGEST_PAUSE_MS ? freeAt : undefined
}
