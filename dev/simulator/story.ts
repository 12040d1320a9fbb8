import { asOf, machineIdOf, type Character } from './machine-character.ts'
import { installedAt, levelOf } from './patching.ts'
import { lastReportAt, nextReportAt } from './reports.ts'
import type { UpdateLine } from './update-lines.ts'

/**
 * What happened to a machine, and will; times are epoch milliseconds. `installed` names every KB that the installation settled (the
 * update and those it contains), and the report that tells Defender of it. `superseded` is when Defender lists the successor instead.
 * `upgraded` is to another Windows, after which the updates of the former one are none of the machine's.
 */
export type Fact =
  | { kind: 'joined'; at: number }
  | { kind: 'left'; at: number }
  | { kind: 'returned'; at: number }
  | { kind: 'silent'; from: number; to?: number }
  | { kind: 'reimaged'; at: number; as: string }
  | { kind: 'upgraded'; at: number; from: string; to: string; reportedAt?: number }
  | { kind: 'installed'; at: number; kbIds: readonly string[]; reportedAt?: number }
  | { kind: 'superseded'; at: number; kbId: string; by: string }

/** The facts of one machine's life, in time order; none of a machine that there never is. */
export function storyOf(machine: Character | undefined): Fact[] {
  if (!machine) return []
  const facts = [...comingsAndGoings(machine), ...silences(machine), ...upgrades(machine)]
  for (const system of machine.upgrade ? [machine, machine.upgrade.to] : [machine]) {
    const told = system.lines.flatMap((line) => [...installations(machine, system, line), ...supersessions(machine, system, line)])
    facts.push(...told.filter((fact) => asOf(machine, startOf(fact)) === system))
  }
  return facts.sort((a, b) => startOf(a) - startOf(b))
}

function startOf(fact: Fact): number {
  return fact.kind === 'silent' ? fact.from : fact.at
}

function comingsAndGoings({ life: { known } }: Character): Fact[] {
  return known.flatMap(({ from, to }, index): Fact[] => [
    { kind: index === 0 ? 'joined' : 'returned', at: from },
    ...(to === Infinity ? [] : [{ kind: 'left', at: to } as const]),
  ])
}

function silences({ seed, index, number, life }: Character): Fact[] {
  const { awake, known, reimagedAs } = life
  return awake.flatMap(({ to }, stretch): Fact[] => {
    if (to === Infinity || known.some((stretch) => stretch.to === to)) return []
    const back = awake[stretch + 1]?.from
    const silent: Fact = back === undefined ? { kind: 'silent', from: to } : { kind: 'silent', from: to, to: back }
    return reimagedAs === undefined ? [silent] : [silent, { kind: 'reimaged', at: to, as: machineIdOf(seed, reimagedAs + number - index) }]
  })
}

function upgrades(machine: Character): Fact[] {
  if (!machine.upgrade) return []
  const { at, to } = machine.upgrade
  const reportedAt = nextReportAt(machine, at)
  return [{ kind: 'upgraded', at, from: systemOf(machine), to: systemOf(to), ...(reportedAt !== undefined && { reportedAt }) }]
}

const systemOf = ({ platform: { osPlatform, version } }: Character) => `${osPlatform} ${version}`

/** Of one line of the machine on one of its systems. */
function installations(machine: Character, system: Character, line: UpdateLine): Fact[] {
  const dated = line
    .map((release, level) => ({ level, at: installedAt(system, release) }))
    .filter(({ at }) => Number.isFinite(at))
    .sort((a, b) => a.at - b.at)
  return dated.flatMap(({ level, at }): Fact[] => {
    const before = levelOf(system, line, at - 1)
    if (level <= before) return []
    const kbIds = line.slice(before + 1, level + 1).map(({ kb }) => kb.id)
    const reportedAt = nextReportAt(machine, at)
    return [reportedAt === undefined ? { kind: 'installed', at, kbIds } : { kind: 'installed', at, kbIds, reportedAt }]
  })
}

function supersessions(machine: Character, system: Character, line: UpdateLine): Fact[] {
  return line.flatMap((release, level): Fact[] => {
    const successor = line[level + 1]
    if (!successor || release.staysListed) return []
    const reportedAt = lastReportAt(machine, successor.visibleAt)
    if (reportedAt === undefined || levelOf(system, line, reportedAt) >= level) return []
    return [{ kind: 'superseded', at: successor.visibleAt, kbId: release.kb.id, by: successor.kb.id }]
  })
}
