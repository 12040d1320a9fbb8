import { normaliseTimestamp } from '../../../src/defender/index.ts'
import type { ExportedMachine } from '../../../src/domain/index.ts'

/** What the lines of a file say, found out the slow way: each is parsed as a whole. */
export function referenceOf(lines: readonly string[]) {
  const machines = new Map<
    string,
    { seen: string; osVersion: string | null; rbacGroupName: string | null; pairs: Map<string, Set<string>> }
  >()
  const names = new Map<string, Map<string, number>>()
  const counts = { rows: 0, brokenLines: 0, otherIds: 0 }
  for (const line of lines) {
    if (line.trim() === '') continue
    const row = parsed(line)
    const deviceId = row?.['deviceid']?.toLowerCase()
    if (!row || !deviceId || !/^[0-9a-f]{40}$/.test(deviceId)) {
      counts.brokenLines++
      continue
    }
    counts.rows++
    const seen = normaliseTimestamp(row['lastseentimestamp'] ?? null) ?? ''
    const known = machines.get(deviceId)
    const said = { seen, osVersion: row['osversion'] ?? null, rbacGroupName: row['rbacgroupname'] ?? null }
    const machine = known && known.seen >= seen ? known : { ...said, pairs: known?.pairs ?? new Map<string, Set<string>>() }
    machines.set(deviceId, machine)
    const id = row['recommendedsecurityupdateid']
    const kbId = id?.replace(/^kb/i, '')
    if (kbId === undefined) continue
    if (!/^[0-9]{6,8}$/.test(kbId)) {
      counts.otherIds++
      continue
    }
    const products = machine.pairs.get(kbId) ?? new Set()
    machine.pairs.set(kbId, products)
    if (row['softwarename'] !== undefined) products.add(row['softwarename'])
    const name = row['recommendedsecurityupdate']
    const called = names.get(kbId) ?? new Map<string, number>()
    names.set(kbId, called)
    if (name !== undefined) called.set(name, (called.get(name) ?? 0) + 1)
  }
  return { counts, names, machines: [...machines].sort(([one], [other]) => (one < other ? -1 : 1)).map(exported) }
}

type Held = { seen: string; osVersion: string | null; rbacGroupName: string | null; pairs: Map<string, Set<string>> }

function exported([machineId, { seen, osVersion, rbacGroupName, pairs }]: [string, Held]): ExportedMachine {
  const kbs = [...pairs]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([kbId, products]) => ({ kbId, productsNames: [...products].sort() }))
  return { machineId, osVersion, reportedAt: seen === '' ? null : seen, rbacGroupName, kbs }
}

/** Members by their names in lower case, trimmed; what is null or empty is not there. */
function parsed(line: string): Record<string, string | undefined> | undefined {
  try {
    const json = JSON.parse(line) as unknown
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
    const texts = Object.entries(json).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? value.trim() : ''] as const)
    return Object.fromEntries(texts.filter(([, text]) => text !== ''))
  } catch {
    return undefined
  }
}
