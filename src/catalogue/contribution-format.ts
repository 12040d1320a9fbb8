import { z } from 'zod'
import { SEVERITIES, UPDATE_CLASSES } from '../domain/index.ts'
import { parseJson } from '../parse-json.ts'
import type { DocumentContribution, KbContribution, ProductContribution } from './contribution.ts'

/** Values in an order instead of names: a large month has some thousand products of KBs, and all of it is one row. */
const product = z
  .tuple([
    z.string(),
    z.enum(SEVERITIES).nullable(),
    z.number().nullable(),
    z.string().nullable(),
    z.enum(UPDATE_CLASSES),
    z.array(z.string()),
  ])
  .transform(([productId, severity, cvss, fixedBuild, updateClass, supersedes]): ProductContribution => ({
    ...{ productId, severity, cvss, fixedBuild, updateClass, supersedes },
  }))

const firstDay = z.tuple([z.iso.date(), z.int()]).transform(([day, cves]) => ({ day, cves }))

const kb = z
  .tuple([z.string(), z.array(z.int()), z.array(firstDay), z.array(product)])
  .transform(([kbId, cves, firstDays, products]): KbContribution => ({ kbId, cves, firstDays, products }))

const cve = z.tuple([z.string(), z.iso.date().nullable()]).transform(([id, exploitedSince]) => ({ cve: id, exploitedSince }))

const document: z.ZodType<Omit<DocumentContribution, 'id'>> = z.object({
  initialDay: z.iso.date(),
  revisedAt: z.string(),
  productNames: z.record(z.string(), z.string()),
  cves: z.array(cve),
  kbs: z.array(kb),
})

export function encodeContribution({ initialDay, revisedAt, productNames, cves, kbs }: DocumentContribution): string {
  return JSON.stringify({
    ...{ initialDay, revisedAt, productNames },
    cves: cves.map((of) => [of.cve, of.exploitedSince]),
    kbs: kbs.map(({ kbId, cves: places, firstDays, products }) => [
      kbId,
      places,
      firstDays.map((of) => [of.day, of.cves]),
      products.map((of) => [of.productId, of.severity, of.cvss, of.fixedBuild, of.updateClass, of.supersedes]),
    ]),
  })
}

/** Undoes `encodeContribution`; undefined for what it cannot have made. */
export function decodeContribution(id: string, text: string): DocumentContribution | undefined {
  const read = document.safeParse(parseJson(text)).data
  return read && { id, ...read }
}
