import { failure, json, type Answer } from './answer.ts'
import { drawIndex } from './draw.ts'
import type { FaultName, FaultPlan } from './faults.ts'
import { existsAt, type Fleet } from './fleet.ts'
import type { ApiCall } from './gate.ts'
import type { Release } from './update-lines.ts'

export const MISSING_KBS_CONTEXT =
  'https://api.securitycenter.microsoft.com/api/$metadata#Collection(microsoft.windowsDefenderATP.api.PublicProductFixDto)'

/**
 * `GET /api/machines/{machineId}/getmissingkbs`: https://learn.microsoft.com/defender-endpoint/api/get-missing-kbs-machine.
 * It has neither parameters nor pages. A machine without findings, for whatever cause, gets an empty collection.
 */
export function answerMissingKbs(call: ApiCall, fleet: Fleet, faults: FaultPlan, foreignUrl: string): Answer {
  const strikes = (fault: FaultName) => faults.strike(fault, call.route, call.subject, call.now) !== undefined
  const machine = fleet.find(call.subject)
  const isLost = strikes('notFoundForever') || strikes('notFoundOnce') || strikes('notFoundTimes')
  if (!machine || !existsAt(machine, call.now) || isLost) {
    return failure(404, 'ResourceNotFound', `Machine ${call.subject} was not found`, call.target)
  }
  if (strikes('malformedShape'))
    return json(200, call.now % 2 === 0 ? { '@odata.context': MISSING_KBS_CONTEXT, value: { id: '5000000' } } : 'null')
  const listed = strikes('emptyOnce') ? [] : fleet.missing(machine, call.now).map(missingKbOnTheWire)
  const value = distort(listed, strikes)
  const nextLink = strikes('foreignNextLink') ? { '@odata.nextLink': `${foreignUrl}${call.pathname}?$skip=${value.length}` } : {}
  return json(200, { '@odata.context': MISSING_KBS_CONTEXT, '@odata.count': value.length, value, ...nextLink })
}

function distort(listed: readonly ReturnType<typeof missingKbOnTheWire>[], strikes: (fault: FaultName) => boolean): unknown[] {
  const rows: unknown[] = strikes('nullFields') ? listed.map(({ id }) => allNull(id)) : [...listed]
  if (strikes('duplicateRows')) rows.push(...listed.map((row) => ({ ...row, productsNames: ['edge'], cveAddressed: row.cveAddressed + 1 })))
  if (strikes('emptyIds')) rows.push(...['', '  ', null].map((id) => ({ ...allNull(id), name: 'Security Updates' })))
  if (strikes('nonNumericIds')) rows.push({ ...allNull('ADV200002'), name: 'Guidance', productsNames: ['edge'] })
  return rows
}

function allNull(id: string | null) {
  return { id, name: null, osBuild: null, productsNames: null, url: null, machineMissedOn: null, cveAddressed: null }
}

/**
 * One row, as the sample of https://learn.microsoft.com/defender-endpoint/api/get-missing-kbs-machine, with the undocumented `osBuild` that
 * two integrations report.
 */
export function missingKbOnTheWire({ kb }: Release) {
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
