import type { AnotherCall, DefenderClient, MissingKbsResult } from '../defender/index.ts'
import type { BudgetName, SourceKind } from '../domain/index.ts'

/** How a snapshot learns what machines miss. */
export interface Source {
  readonly kind: SourceKind
  /** The quota that its calls count in. */
  readonly budget: BudgetName
  /** One attempt to learn what a machine misses. Every call after the first asks before it is made. */
  observe(machineId: string, anotherCall: AnotherCall): Promise<MissingKbsResult>
}

/** What a source may need. */
export interface SourcePorts {
  defender: DefenderClient
}
