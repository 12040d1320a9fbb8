import type { ComponentType } from 'preact'
import type { View } from '../state/address.ts'
import { Changes } from './changes.tsx'
import { Cohorts } from './cohorts.tsx'
import { Groups } from './groups.tsx'
import { Kb } from './kb.tsx'
import { Kbs } from './kbs.tsx'
import { MachineView } from './machine.tsx'
import { Machines } from './machines.tsx'
import { Overview } from './overview.tsx'
import { Snapshots } from './snapshots.tsx'
import { Tenants } from './tenants.tsx'

/** What shows each view. */
export const VIEW_COMPONENTS: Readonly<Record<View, ComponentType>> = {
  overview: Overview,
  changes: Changes,
  cohorts: Cohorts,
  groups: Groups,
  snapshots: Snapshots,
  tenants: Tenants,
  machine: MachineView,
  kb: Kb,
  machines: Machines,
  kbs: Kbs,
}
