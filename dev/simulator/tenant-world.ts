import { readCatalog } from './catalog.ts'
import { Planted, type Disagreements } from './export/disagreements.ts'
import { exportOptions, type GivenExportOptions } from './export/export-options.ts'
import { VulnerabilityExports } from './export/vulnerability-exports.ts'
import { Fleet, type Superseded } from './fleet.ts'
import { orderIntoLines, type UpdateLines } from './update-lines.ts'

/** The machines of a tenant, its exports, and where the two are made to differ. */
export interface TenantWorld {
  fleet: Fleet
  planted: Planted
  exports: VulnerabilityExports
}

/** How the world of a tenant is made. */
export interface WorldOptions {
  /** How many machine ids there ever are. Some join later or leave, so at any time fewer exist. */
  machines: number
  /** Share of the machines that are upgraded to another Windows, of those for which there is one; 0 unless told. */
  upgrades?: number
  /** Which superseded KBs `getmissingkbs` lists; `some` unless told. An export has all, whatever it lists. */
  superseded?: Superseded
  /** All machines after the first so many are copies of those, in turn: the exports of a large fleet are made of few machines' rows. */
  copiesOf?: number
  export?: GivenExportOptions
  disagreements?: Disagreements
}

interface WorldSetting extends WorldOptions {
  seed: number
  start: Date
  /** Where tenants share what Defender knows of updates; worked out from the seed unless told. */
  lines?: UpdateLines
}

export function makeWorld(setting: WorldSetting): TenantWorld {
  const { seed, disagreements = {} } = setting
  const lines = setting.lines ?? orderIntoLines(readCatalog(), seed)
  const planted: Planted = new Planted({ seed, lines, latestExport: (at) => exports.latest(at) })
  planted.change(disagreements)
  const fleet = new Fleet({ ...setting, lines, movedAt: (machine, at) => planted.moved(machine, at) })
  const options = exportOptions.parse(setting.export ?? {})
  const exports = new VulnerabilityExports({ seed, fleet, planted, options })
  return { fleet, planted, exports }
}
