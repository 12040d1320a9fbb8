import type { TenantConfig } from '../../config/index.ts'
import {
  createSpender,
  EXPORTS_QUOTA,
  LONGEST_PAUSE_MS,
  MACHINES_QUOTA,
  nextSliceAt,
  type Quota,
  type Spender,
} from '../../defender/budget/index.ts'
import { DEFENDER_POLICY } from '../../defender/index.ts'
import type { BudgetName, TenantState } from '../../domain/index.ts'
import type { Outside } from '../../outside.ts'
import type { Lease } from '../lease.ts'

export type Budgets = Readonly<Record<BudgetName, Spender>>

/** The tenant's columns that keep what was spent. */
const LEDGER_COLUMN = { missingKbs: 'missingKbsBudget', machines: 'machinesBudget', exports: 'exportsBudget' } as const satisfies Record<
  BudgetName,
  keyof TenantState
>

/** Of a tenant's row, what was spent and what is waited for. */
export type Spendable = Pick<TenantState, 'waitsForBudget' | 'missingKbsBudget' | 'machinesBudget' | 'exportsBudget'>

function quotaOf(budget: BudgetName, { sync }: Pick<TenantConfig, 'sync'>): Quota {
  if (budget === 'machines') return MACHINES_QUOTA
  return budget === 'exports' ? EXPORTS_QUOTA : { perMinute: sync.callsPerMinute, perHour: sync.callsPerHour }
}

export interface BudgetPorts {
  config: TenantConfig
  outside: Outside
  lease: Lease
}

/** The budgets of a slice, that reserve in the tenant's row; `wanted` tells how many calls for KBs there is work for. */
export function openBudgets({ config, outside, lease }: BudgetPorts, deadlineMs: number, wanted: () => number): Budgets {
  const limits = {
    deadlineMs,
    callTimeoutMs: DEFENDER_POLICY.callTimeoutMs + DEFENDER_POLICY.tokenTimeoutMs,
    maxPauseMs: LONGEST_PAUSE_MS,
  }
  // A pause may be longer than the lease.
  const clock = { now: () => outside.clock.now(), sleep: (milliseconds: number) => lease.sleep(milliseconds) }
  const open = (budget: BudgetName, callsWanted?: () => number): Spender =>
    createSpender({
      quota: quotaOf(budget, config),
      stored: {
        text: lease.tenant[LEDGER_COLUMN[budget]] ?? undefined,
        save: (ledgerText) => lease.update({ [LEDGER_COLUMN[budget]]: ledgerText }),
      },
      outside: { budgetTime: outside.budgetTime, clock },
      limits,
      ...(callsWanted && { wanted: callsWanted }),
    })
  return { missingKbs: open('missingKbs', wanted), machines: open('machines'), exports: open('exports') }
}

/** The ledgers as they are to be stored at a slice's end. */
export function spentLedgers(
  { missingKbs, machines, exports }: Budgets,
  tenant: TenantState,
): Pick<TenantState, 'missingKbsBudget' | 'machinesBudget' | 'exportsBudget'> {
  return {
    missingKbsBudget: missingKbs.flush() ?? tenant.missingKbsBudget,
    machinesBudget: machines.flush() ?? tenant.machinesBudget,
    exportsBudget: exports.flush() ?? tenant.exportsBudget,
  }
}

/**
 * When a slice is worth taking for calls of the kind that the last one had none left of: undefined when it is now. Judged by the
 * local clock and the store's ledger: a clock that is wrong costs an idle slice or a few minutes, never a call too many.
 */
export function waitsForBudgetUntil(tenant: Spendable, config: Pick<TenantConfig, 'sync'>, nowMs: number): number | undefined {
  const { waitsForBudget } = tenant
  if (waitsForBudget === null) return undefined
  const ledgerText = tenant[LEDGER_COLUMN[waitsForBudget]] ?? undefined
  const worthwhileAtMs = nextSliceAt(ledgerText, quotaOf(waitsForBudget, config), { earliestMs: nowMs, latestMs: nowMs })
  return worthwhileAtMs > nowMs ? worthwhileAtMs : undefined
}
