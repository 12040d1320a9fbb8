import { failure, json, type Answer } from './answer.ts'
import type { Planted } from './export/disagreements.ts'
import type { Fleet } from './fleet.ts'
import type { ApiCall } from './gate.ts'
import { parseListQuery, queryText } from './list-query.ts'
import type { Origins } from './machine-routes.ts'
import { MISSING_KBS_CONTEXT, missingKbOnTheWire } from './missing-kbs-route.ts'
import { SOFTWARE } from './odata-filter.ts'
import { inventoryOf, softwareOnTheWire, type SoftwareTitle } from './software-inventory.ts'

const CONTEXT = 'https://api.securitycenter.microsoft.com/api/$metadata#Software'

interface SoftwareSetting {
  fleet: Fleet
  planted: Planted
  origins: Origins
  pageSize: number
}

/** A count that is told, and the true one. */
export interface PlantedCount {
  softwareId: string
  kbId: string
  counted: number
  told: number
}

/** The software of the fleet, with the KBs that its machines miss, and on how many; no machine is named. */
export class SoftwareRoutes {
  readonly #setting: SoftwareSetting
  #counted: { at: number; version: number; titles: ReadonlyMap<string, SoftwareTitle> } | undefined

  constructor(setting: SoftwareSetting) {
    this.#setting = setting
  }

  /** `GET /api/Software`: https://learn.microsoft.com/defender-endpoint/api/get-software. Pages as of machines. */
  list(call: ApiCall): Answer {
    const { origins, pageSize } = this.#setting
    const query = parseListQuery(call.query, SOFTWARE)
    if (typeof query === 'string') return failure(400, 'ODataError', query, call.target)
    const { skip, top, matches } = query
    const all = [...this.#titles(call.now).values()].map(softwareOnTheWire)
    const rows = matches ? all.filter(matches) : all
    const end = skip + Math.min(top ?? pageSize, pageSize)
    const nextLink = top === undefined && end < rows.length && { '@odata.nextLink': origins.own + call.pathname + queryText(query, end) }
    return json(200, { '@odata.context': CONTEXT, value: rows.slice(skip, end), ...nextLink })
  }

  /** `GET /api/Software/{id}/getmissingkbs`: https://learn.microsoft.com/defender-endpoint/api/get-missing-kbs-software */
  missingKbs(call: ApiCall): Answer {
    const title = this.#titles(call.now).get(call.subject)
    if (!title) return failure(404, 'ResourceNotFound', `Software ${call.subject} was not found`, call.target)
    const planted = this.#plantedCountOf(title)
    const value = [...title.kbs.values()].map(({ release, machineMissedOn }) => ({
      ...missingKbOnTheWire(release),
      productsNames: [title.name],
      machineMissedOn: release.kb.id === planted?.kbId ? planted.told : machineMissedOn,
    }))
    return json(200, { '@odata.context': MISSING_KBS_CONTEXT, value })
  }

  /** The counts that are told wrong at that time. */
  plantedCounts(at: number): PlantedCount[] {
    return [...this.#titles(at).values()].flatMap((title) => this.#plantedCountOf(title) ?? [])
  }

  /** Of a software it is that of the first KB. */
  #plantedCountOf({ id, kbs }: SoftwareTitle): PlantedCount | undefined {
    const by = this.#setting.planted.wrongBy(id)
    const [first] = kbs
    if (by === 0 || !first) return undefined
    const [kbId, { machineMissedOn }] = first
    return { softwareId: id, kbId, counted: machineMissedOn, told: machineMissedOn + by }
  }

  /** All of one moment are counted at once. */
  #titles(at: number): ReadonlyMap<string, SoftwareTitle> {
    const { fleet, planted } = this.#setting
    const { version } = planted
    if (this.#counted?.at !== at || this.#counted.version !== version) this.#counted = { at, version, titles: inventoryOf(fleet, at) }
    return this.#counted.titles
  }
}
