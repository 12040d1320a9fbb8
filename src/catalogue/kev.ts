import { z } from 'zod'
import { byText, type KevEntry } from '../domain/index.ts'
import { parseJson } from '../parse-json.ts'
import { kevEntry } from './cvrf-wire.ts'
import type { Kev } from './fold.ts'
import { CATALOGUE_POLICY } from './policy.ts'
import { readJson, type SourceFault, type Way } from './read-json.ts'

/** CISA's catalogue of known exploited vulnerabilities; entries that cannot be read are left out. */
export async function readKev(kevUrl: string, way: Way): Promise<{ kev: Kev } | { fault: SourceFault }> {
  const kev = new Map<string, KevEntry>()
  const value = (_: string, bytes: Buffer | undefined) => {
    const read = kevEntry.safeParse(bytes && parseJson(bytes.toString('utf8'))).data
    if (read) kev.set(read.cveID, toEntry(read))
  }
  const listener = { value, ends: () => undefined }
  const wanted = { members: { vulnerabilities: { items: { take: 'entry' } } } }
  const fault = await readJson({ url: kevUrl, wanted, limits: CATALOGUE_POLICY.answers.kev, listener }, way)
  if (fault) return { fault }
  if (kev.size === 0 || kev.size > CATALOGUE_POLICY.mostKevEntries) {
    return { fault: { code: 'entries', detail: `it has ${kev.size} entries` } }
  }
  return { kev }
}

const toEntry = ({ dateAdded, dueDate, knownRansomwareCampaignUse }: z.output<typeof kevEntry>): KevEntry => ({
  ...{ dateAdded, dueDate },
  ransomware: knownRansomwareCampaignUse?.trim().toLowerCase() === 'known',
})

const stored = z.array(z.tuple([z.string(), z.iso.date(), z.iso.date(), z.boolean()]))

/** As one text, the same for the same entries. */
export function encodeKev(kev: Kev): string {
  const entries = [...kev].sort(([one], [other]) => byText(one, other))
  return JSON.stringify(entries.map(([cve, { dateAdded, dueDate, ransomware }]) => [cve, dateAdded, dueDate, ransomware]))
}

/** Undoes `encodeKev`; empty for what it cannot have made. */
export function decodeKev(text: string | undefined): Kev {
  const entries = stored.safeParse(parseJson(text ?? '')).data ?? []
  return new Map(entries.map(([cve, dateAdded, dueDate, ransomware]) => [cve, { dateAdded, dueDate, ransomware }]))
}
