/** Defender counts the calls for KBs, those for machines and those for exports apart. */
export const BUDGET_NAMES = ['missingKbs', 'machines', 'exports'] as const
export type BudgetName = (typeof BUDGET_NAMES)[number]
