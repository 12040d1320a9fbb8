import { dayAt } from '../domain/index.ts'
import { encodeKev, decodeKev, readKev } from './kev.ts'
import { CATALOGUE_POLICY, retryDelayMs } from './policy.ts'
import { type RefreshRun, tellFault } from './refresh-run.ts'

/** The name of the row that holds CISA's entries. */
export const KEV = 'kev'

/** Reads CISA's catalogue once a day. Returns when it is to be read again after a failure; undefined where there was none. */
export async function refreshKev(run: RefreshRun): Promise<number | undefined> {
  const { services, claim, way, nowMs } = run
  const { kevDay, kevEntries, kevFailures } = claim.state
  if (kevDay === dayAt(nowMs())) return undefined
  const read = await readKev(services.config.catalogue.kevUrl, way)
  const fault = 'fault' in read ? read.fault : shrunk(read.kev.size, kevEntries)
  if ('fault' in read || fault) {
    const failures = kevFailures + 1
    const retryMs = nowMs() + retryDelayMs(failures)
    await claim.write({ kevFailures: failures })
    if (fault) tellFault(run, KEV, fault, failures, retryMs)
    return retryMs
  }
  const text = encodeKev(read.kev)
  const counts = { kevDay: dayAt(nowMs()), kevEntries: read.kev.size, kevFailures: 0 }
  const isChanged = text !== encodeKev(decodeKev(await services.store.catalogue.text(KEV)))
  await claim.write({ ...counts, ...(isChanged && { isUnfolded: true }) }, isChanged ? { texts: [{ name: KEV, text }] } : {})
  return undefined
}

const shrunk = (entries: number, known: number) =>
  entries < known * CATALOGUE_POLICY.leastShareOfKbs ? { code: 'shrunk', detail: `it has ${entries} entries, and had ${known}` } : undefined
