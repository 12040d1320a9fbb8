import type { Route } from './faults.ts'
import type { ApiClass } from './quota.ts'

/** A call of the Defender API: `subject` is the machine asked about, by id or DNS name, or `list`. */
export interface ApiTarget {
  route: Route
  apiClass: ApiClass
  subject: string
}

/** `/api/machines`, `/api/machines/{id}`, `/api/machines/{id}/getmissingkbs`; the version may be pinned: `/api/v1.0/machines`. */
export function matchApiRoute(pathname: string): ApiTarget | undefined {
  const match = /^\/api(?:\/v1\.0)?\/machines(?:\/([^/]+)(\/getmissingkbs)?)?$/i.exec(pathname)
  if (!match) return undefined
  const subject = match[1]
  if (subject === undefined) return { route: 'machineList', apiClass: 'machines', subject: 'list' }
  const decoded = decode(subject)
  return match[2] === undefined
    ? { route: 'machine', apiClass: 'machines', subject: decoded }
    : { route: 'missingKbs', apiClass: 'missingKbs', subject: decoded }
}

/** Lower case, as ids and DNS names are compared; what cannot be decoded stays as it is, and is nobody's name. */
function decode(subject: string): string {
  try {
    return decodeURIComponent(subject).toLowerCase()
  } catch {
    return subject
  }
}
