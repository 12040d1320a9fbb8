import { drawIndex } from './draw.ts'
import type { Release } from './update-lines.ts'

/**
 * One row of `getmissingkbs`, as the sample of https://learn.microsoft.com/defender-endpoint/api/get-missing-kbs-machine, with the
 * undocumented `osBuild` that two integrations report.
 */
export interface MissingKbWire {
  id: string
  name: string
  osBuild: string | null
  productsNames: readonly string[]
  url: string
  machineMissedOn: number
  cveAddressed: number
}

export function missingKbOnTheWire({ kb }: Release): MissingKbWire {
  return {
    id: kb.id,
    name: kb.name,
    // The figure is made up, and the same for the KB wherever it is missing.
    osBuild: kb.platforms.length > 0 ? String(4_000 + drawIndex(4_000, 'os build', kb.id)) : null,
    productsNames: kb.products,
    url: `https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB${kb.id}`,
    // By machine the sample counts the one machine that was asked about, not the fleet.
    machineMissedOn: 1,
    cveAddressed: kb.cves,
  }
}
