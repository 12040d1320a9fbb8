import { draw, drawIndex } from './draw.ts'
import { otherSoftwareOn, softwareIdOf, systemOn } from './export/software.ts'
import type { Fleet } from './fleet.ts'
import { judgedReportAt, lackedAt } from './lacked.ts'
import type { Character } from './machine-character.ts'
import type { Release } from './update-lines.ts'

/** A KB as one software has it. */
export interface SoftwareKb {
  release: Release
  machineMissedOn: number
}

export interface SoftwareTitle {
  id: string
  vendor: string
  name: string
  installedMachines: number
  exposedMachines: number
  /** By id, of those that a machine misses. */
  kbs: ReadonlyMap<string, SoftwareKb>
}

interface Counted {
  vendor: string
  name: string
  installed: number
  exposed: number
  kbs: Map<string, SoftwareKb>
}

/** All software of the fleet at that time, by its id, in the order of ids; counted machine by machine. */
export function inventoryOf(fleet: Fleet, at: number): Map<string, SoftwareTitle> {
  const counts = new Map<string, Counted>()
  for (const machine of fleet.existing(at)) countMachine(machine, at, fleet, counts)
  const titles = [...counts].map(([id, { vendor, name, installed, exposed, kbs }]): [string, SoftwareTitle] => [
    id,
    { id, vendor, name, installedMachines: installed, exposedMachines: exposed, kbs },
  ])
  return new Map(titles.sort(([one], [other]) => (one < other ? -1 : 1)))
}

function countMachine(machine: Character, at: number, fleet: Fleet, counts: Map<string, Counted>): void {
  const reportedAt = judgedReportAt(machine, at)
  if (reportedAt === undefined || !machine.onboarded) return
  const missing = new Set(fleet.missing(machine, at).map(({ kb }) => kb.id))
  const lacked = lackedAt(machine, at).filter(({ release }) => missing.has(release.kb.id))
  const exposed = new Set<Counted>()
  for (const { release, products } of lacked) {
    for (const name of products) {
      const title = titleOf(counts, { vendor: 'microsoft', name })
      const known = title.kbs.get(release.kb.id)
      title.kbs.set(release.kb.id, { release, machineMissedOn: (known?.machineMissedOn ?? 0) + 1 })
      exposed.add(title)
    }
  }
  const others = otherSoftwareOn(machine, reportedAt).map((software) => titleOf(counts, software))
  for (const title of others) exposed.add(title)
  for (const title of exposed) title.exposed++
  for (const title of new Set([titleOf(counts, systemOn(machine, reportedAt)), ...exposed])) title.installed++
}

function titleOf(counts: Map<string, Counted>, { vendor, name }: { vendor: string; name: string }): Counted {
  const id = softwareIdOf(vendor, name)
  const title = counts.get(id) ?? { vendor, name, installed: 0, exposed: 0, kbs: new Map() }
  counts.set(id, title)
  return title
}

/**
 * As https://learn.microsoft.com/defender-endpoint/api/software has it, with what integrations found beyond it (`installedMachines`,
 * `isNormalized`, `category`, `distributions`).
 */
export function softwareOnTheWire({ id, vendor, name, kbs, exposedMachines, installedMachines }: SoftwareTitle) {
  const weaknesses = [...kbs.values()].reduce((sum, { release }) => sum + release.kb.cves, drawIndex(9, 'weaknesses', id))
  return {
    id,
    name,
    vendor,
    weaknesses,
    publicExploit: draw('public exploit', id) < 0.2,
    activeAlert: false,
    exposedMachines,
    installedMachines,
    impactScore: Math.round(draw('impact', id) * 300) / 10,
    isNormalized: true,
    category: name.startsWith('windows_') ? 'OperatingSystem' : 'Application',
    distributions: [],
  }
}
