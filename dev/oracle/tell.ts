import type { OracleRun } from './run-oracle.ts'

/** More would be the same over and over. */
const MOST_OF_A_KIND = 3
const MOST_LINES = 60
const MOST_CHARACTERS = 160

/** What differs, for whoever has to find out why: the route, which machine or KB, the figure, what was expected, and what came. */
export function tell({ differences, unwitnessed, ledger }: OracleRun): { lines: string[]; right: boolean } {
  const kinds = new Map<string, number>()
  const lines: string[] = []
  for (const { path, figure, expected, got, lookedAt } of differences) {
    const kind = `${path.replace(/[0-9a-f]{40}|\d{4,}(T\d+Z)?/g, '#')} ${figure.replace(/\[[^\]]*\]/g, '[]')}`
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    if ((kinds.get(kind) ?? 0) > MOST_OF_A_KIND || lines.length > MOST_LINES) continue
    const [, machineId = ''] = /([0-9a-f]{40})/.exec(path + figure) ?? []
    const name = ledger.machines.get(machineId)?.listed.name
    lines.push(
      `after ${lookedAt}: GET ${path}${name ? `  (${name})` : ''}`,
      `    ${figure}: expected ${short(expected)}, got ${short(got)}`,
    )
  }
  for (const [kind, count] of kinds) if (count > MOST_OF_A_KIND) lines.push(`${count} of this kind: ${kind}`)
  lines.push(...unwitnessed.slice(0, MOST_LINES).map((words) => `the oracle's own books: ${words}`))
  return { lines, right: differences.length + unwitnessed.length === 0 }
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`
}
