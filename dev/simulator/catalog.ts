import { readFileSync } from 'node:fs'
import { z } from 'zod'

const kbFact = z.object({
  id: z.string(),
  released: z.iso.date(),
  name: z.string(),
  products: z.array(z.string()),
  platforms: z.array(z.string()),
  cves: z.number(),
  exploited: z.number(),
  severity: z.string().nullable(),
  supersedes: z.array(z.string()),
})

/** One Microsoft security update: `released` is a date, `platforms` the Windows versions it is for (none for other products). */
export type KbFact = z.infer<typeof kbFact>

/**
 * Every Microsoft security update from January 2023 to June 2026, oldest first, as `kb-catalog.json` has them:
 * facts of the Microsoft Security Response Center's public update guide (https://msrc.microsoft.com/update-guide).
 */
export function readCatalog(): KbFact[] {
  const text = readFileSync(new URL('./kb-catalog.json', import.meta.url), 'utf8')
  return z
    .array(kbFact)
    .parse(JSON.parse(text))
    .sort((a, b) => compareText(a.released, b.released) || compareText(a.id, b.id))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
