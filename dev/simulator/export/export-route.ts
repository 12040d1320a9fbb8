import { drawIndex } from '../draw.ts'
import { failure, json, type Answer } from '../answer.ts'
import type { FaultName, FaultPlan, FaultRule } from '../faults.ts'
import type { ApiCall } from '../gate.ts'
import type { ExportFile, VulnerabilityExports } from './vulnerability-exports.ts'

const CONTEXT = 'https://api.securitycenter.microsoft.com/api/$metadata#microsoft.windowsDefenderATP.api.ExportFilesResponse'
const DEFAULT_HOURS = '1'
/** Older than twelve hours, whenever in its turn it is asked for. */
const EXPORTS_BACK = 3

interface ExportRouteSetting {
  seed: number
  exports: VulnerabilityExports
  faults: FaultPlan
  /** The address of a file, good from then on for so many hours. */
  publish: (file: ExportFile, from: number, hours: number) => string
}

/**
 * `GET /api/machines/SoftwareVulnerabilitiesExport?sasValidHours=`:
 * https://learn.microsoft.com/defender-endpoint/api/get-assessment-software-vulnerabilities (export via files). A call makes nothing: it
 * names the files of the export that is the latest.
 */
export class ExportRoute {
  readonly #setting: ExportRouteSetting
  /** The export that was given last, epoch ms. */
  #given: number | undefined

  constructor(setting: ExportRouteSetting) {
    this.#setting = setting
  }

  answer(call: ApiCall): Answer {
    const { exports, publish } = this.#setting
    const hours = call.query.get('sasValidHours') ?? DEFAULT_HOURS
    if (!/^[1-6]$/.test(hours)) return failure(400, 'BadRequest', `sasValidHours must be 1 to 6, not ${hours}`, call.target)
    const generatedAt = this.#choose(call)
    this.#given = generatedAt
    if (this.#strike('exportEmptyBody', call)) return { kind: 'complete', status: 200, headers: {}, body: '' }
    const files = this.#strike('exportNoFiles', call) ? [] : this.#named(exports.files(generatedAt), call)
    return json(200, {
      '@odata.context': CONTEXT,
      ...(!this.#strike('exportWithoutFiles', call) && { exportFiles: files.map((file) => publish(file, call.now, Number(hours))) }),
      generatedTime: new Date(generatedAt).toISOString().replace(/\.\d+Z$/, 'Z'),
    })
  }

  #choose(call: ApiCall): number {
    const { exports } = this.#setting
    if (this.#strike('exportMadeAnew', call)) exports.makeAnew(call.now)
    const latest = exports.latest(call.now)
    const old = this.#strike('exportOld', call)
    if (old) return exports.before(latest, old.exports ?? EXPORTS_BACK)
    return this.#strike('exportStuck', call) ? (this.#given ?? latest) : latest
  }

  #named(files: readonly ExportFile[], call: ApiCall): readonly ExportFile[] {
    const rule = this.#strike('exportGroupMissing', call)
    if (!rule) return files
    const groups = [...new Set(files.map(({ group }) => group))]
    const missing = rule.groups ?? [groups[drawIndex(groups.length, this.#setting.seed, 'missing group')]]
    return files.filter(({ group }) => !missing.includes(group))
  }

  #strike(fault: Exclude<FaultName, 'slow'>, { route, subject, now }: ApiCall): FaultRule | undefined {
    return this.#setting.faults.strike(fault, route, subject, now)
  }
}
