import { z } from 'zod'
import { type KbFacts, type KbProductFacts, RELEASE_RULES, SEVERITIES, SUCCESSOR_RULES, UPDATE_CLASSES } from '../domain/index.ts'
import { parseJson } from '../parse-json.ts'

const severity = z.enum(SEVERITIES).nullable()
const day = z.iso.date()

/** Values in an order instead of names: a KB has twenty products, and their names would take more room than what they name. */
const product = z
  .tuple([
    z.string(),
    z.string(),
    severity,
    z.number().nullable(),
    z.string().nullable(),
    z.enum(UPDATE_CLASSES),
    z.object({ kbIds: z.array(z.string()), rule: z.enum(SUCCESSOR_RULES) }).nullable(),
  ])
  .transform(([productId, name, worst, cvss, fixedBuild, updateClass, supersededBy]): KbProductFacts => ({
    ...{ productId, name, severity: worst, cvss, fixedBuild, updateClass, supersededBy },
  }))

const kev = z.object({ dateAdded: day, dueDate: day, ransomware: z.boolean() }).nullable()

const facts: z.ZodType<Omit<KbFacts, 'kbId'>> = z.object({
  released: z.object({ day, rule: z.enum(RELEASE_RULES), cvesAgreeing: z.int() }),
  cves: z.int(),
  document: z.object({ id: z.string(), revisedAt: z.string() }),
  products: z.array(product),
  exploited: z.array(z.object({ cve: z.string(), msrcSince: day.nullable(), kev })),
})

/** The facts of a KB as one text. */
export function encodeFacts({ kbId: _, products, ...rest }: KbFacts): string {
  return JSON.stringify({
    ...rest,
    products: products.map((of) => [of.productId, of.name, of.severity, of.cvss, of.fixedBuild, of.updateClass, of.supersededBy]),
  })
}

/** Undoes `encodeFacts`; undefined for what it cannot have made. */
export function decodeFacts(kbId: string, text: string): KbFacts | undefined {
  const read = facts.safeParse(parseJson(text)).data
  return read && { kbId, ...read }
}
