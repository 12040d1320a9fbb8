import type { Severity, UpdateClass } from '../domain/index.ts'
import { SEVERITIES } from '../domain/index.ts'

/** The number of a KB, where a vendor's fix is one: others are `Release Notes`, `Click to Run`, names of packages. */
export function kbNumber(text: string): string | undefined {
  return /^\d{6,8}$/.exec(text.trim())?.[0]
}

/** A number below this is none of a KB: a bulletin's year, or a version. */
const LOWEST_KB = 100_000

/** The KBs that a text of what is superseded names, in whatever form: `4499408; 4503867`, `3118389<br><br>4022173`, `MS16-110, 3187754`. */
export function supersededIn(text: string, kbId: string): string[] {
  const numbers = text.match(/(?<!\d)\d{6,8}(?!\d)/g) ?? []
  return [...new Set(numbers)].filter((number) => number !== kbId && Number(number) >= LOWEST_KB)
}

/** `Publicly Disclosed:No;Exploited:Yes;Latest Software Release:Exploitation Detected;DOS:N/A` -> true */
export function isExploitedBy(status: string): boolean {
  return status.split(';').some((part) => {
    const colon = part.indexOf(':')
    return (
      part.slice(0, colon).trim().toLowerCase() === 'exploited' &&
      part
        .slice(colon + 1)
        .trim()
        .toLowerCase() === 'yes'
    )
  })
}

/** How MSRC names kinds of updates, without blanks and in lower case: each came in several spellings. */
const CLASSES: readonly (readonly [RegExp, UpdateClass])[] = [
  [/hotpatch/, 'hotpatch'],
  [/^servicingstack/, 'servicingStack'],
  [/rollup$/, 'rollup'],
  [/^securityonly/, 'securityOnly'],
  [/^iecumulative/, 'internetExplorer'],
]

/** The class of an update by its kind, `Security Hotpatch Update` and `AzureHotpatch` -> `hotpatch`; what is none of the others is cumulative. */
export function updateClassOf(kind: string): UpdateClass {
  const folded = kind.replace(/\s/g, '').toLowerCase()
  return CLASSES.find(([pattern]) => pattern.test(folded))?.[1] ?? 'cumulative'
}

/** MSRC says "" or "None" as well: unknown. */
export function severityOf(text: string): Severity | null {
  const folded = text.trim().toLowerCase()
  return SEVERITIES.find((severity) => severity.toLowerCase() === folded) ?? null
}

/** The day of an instant with or without a zone, which is UTC: `2026-03-10T07:00:00` -> `2026-03-10`; undefined for a placeholder, `0001-…`. */
export function dayOfText(text: string): string | undefined {
  const day = /^(20\d\d-\d\d-\d\d)(?:T|$)/.exec(text.trim())?.[1]
  return day !== undefined && !Number.isNaN(Date.parse(day)) ? day : undefined
}

/** The same instant in whichever of MSRC's two forms: a document has no zone, the list has. */
export function instantOfText(text: string): string | undefined {
  const trimmed = text.trim()
  const isoText = /[zZ]$|[+-]\d\d:?\d\d$/.test(trimmed) ? trimmed : `${trimmed}Z`
  return dayOfText(trimmed) !== undefined && !Number.isNaN(Date.parse(isoText)) ? new Date(isoText).toISOString() : undefined
}
