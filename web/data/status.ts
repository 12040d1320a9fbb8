import type { SnapshotRef } from './answers.ts'
import type { Running } from './figures.ts'

/** How the app stands, as the API tells it. */
export interface Status {
  status: string
  detail?: string | undefined
  asOf?: SnapshotRef | undefined
  running?: Running | undefined
  nextStartAt: string | null
  budget: { minute: Use; hour: Use }
}

interface Use {
  used: number
  limit: number
}
