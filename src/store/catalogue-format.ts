import { z } from 'zod'
import {
  type CatalogueDocument,
  type CatalogueState,
  type KbFacts,
  type KbProductFacts,
  RELEASE_RULES,
  SEVERITIES,
  SUCCESSOR_RULES,
  UPDATE_CLASSES,
} from '../domain/index.ts'
import { parseJson } from '../parse-json.ts'
import { flag, integer, optionalInstant, optionalText, text, textList } from './columns.ts'
import { NO_PIECES, pieceColumns, type Pieces } from './pieces.ts'
import { absentValues, forDamaged, type RowFormat } from './read-row.ts'

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

/** A text that cannot be read is empty, which says nothing: it is read from its source again. */
export const textFormat: RowFormat<Pieces> = { columns: pieceColumns, repair: (damaged) => forDamaged(damaged, NO_PIECES) }

const stateColumns: RowFormat<CatalogueState>['columns'] = {
  ...{ claimedUntil: optionalInstant, dueAt: optionalInstant, refreshedAt: optionalInstant },
  ...{ day: optionalText, documentsOfDay: integer, monthsDay: optionalText, monthsAfter: optionalText, months: textList },
  ...{ kevDay: optionalText, kevEntries: integer, listFailures: integer, kevFailures: integer, isUnfolded: flag },
}

/** What cannot be read was never there: all of it is found out anew. */
export const stateFormat: RowFormat<CatalogueState> = {
  columns: stateColumns,
  repair: (damaged) => forDamaged(damaged, absentValues(stateColumns)),
}

export const documentFormat: RowFormat<CatalogueDocument> = {
  columns: {
    ...{ documentId: text, revision: optionalText, readDay: optionalText, isProvisional: flag, kbs: integer },
    ...{ failures: integer, failedAt: optionalInstant, failedRevision: optionalText, code: optionalText },
  },
}
