import type { ApiTarget } from './gate.ts'

const MACHINES = /^\/machines(?:\/([^/]+)(\/getmissingkbs)?)?$/i
const SOFTWARE = /^\/software(?:\/([^/]+)\/getmissingkbs)?$/i
const EXPORT = /^\/machines\/softwarevulnerabilitiesexport$/i

/**
 * `/api/machines`, `/api/machines/{id}`, `/api/machines/{id}/getmissingkbs`, `/api/machines/SoftwareVulnerabilitiesExport`,
 * `/api/Software`, `/api/Software/{id}/getmissingkbs`; the version may be pinned: `/api/v1.0/machines`.
 */
export function matchApiRoute(pathname: string): ApiTarget | undefined {
  const path = /^\/api(?:\/v1\.0)?(\/.*)$/i.exec(pathname)?.[1] ?? ''
  if (EXPORT.test(path)) return { route: 'export', apiClass: 'export', subject: 'export' }
  return matchMachines(MACHINES.exec(path)) ?? matchSoftware(SOFTWARE.exec(path))
}

function matchMachines(match: RegExpExecArray | null): ApiTarget | undefined {
  if (!match) return undefined
  const [, subject, missingKbs] = match
  if (subject === undefined) return { route: 'machineList', apiClass: 'machines', subject: 'list' }
  if (missingKbs === undefined) return { route: 'machine', apiClass: 'machines', subject: decode(subject) }
  return { route: 'missingKbs', apiClass: 'missingKbs', subject: decode(subject) }
}

function matchSoftware(match: RegExpExecArray | null): ApiTarget | undefined {
  if (!match) return undefined
  const [, subject] = match
  if (subject === undefined) return { route: 'software', apiClass: 'software', subject: 'list' }
  return { route: 'softwareMissingKbs', apiClass: 'software', subject: decode(subject) }
}

/** Lower case, as ids and DNS names are compared; what cannot be decoded stays as it is, and is nobody's name. */
function decode(subject: string): string {
  try {
    return decodeURIComponent(subject).toLowerCase()
  } catch {
    return subject
  }
}
