import { z } from 'zod'
import { type CatalogueFacts, EXPLOITED_RULES, PRODUCT_SCOPES, RELEASE_RULES, SEVERITIES, SUCCESSOR_RULES } from '../../domain/index.ts'
import { address, count, instant } from './values.ts'

/** A UTC day: the sources give no time. */
export const day = z.string().meta({ format: 'date' })
const severity = z
  .enum(SEVERITIES)
  .optional()
  .describe('The worst of its vulnerabilities; left out where none is given: unknown, never "low".')
const exploited = z.boolean().describe('One of its vulnerabilities is known to be exploited, by MSRC or CISA.')
const supersededBy = z.array(z.string()).optional().describe('Ids of the KBs that follow it, by the catalogue: a hint, no evidence.')

const facts = z.object({
  releasedAt: day,
  bulletin: z.string().describe('The month of the bulletin with most of its vulnerabilities, `202604`.'),
  severity,
  cvss: z.number().optional().describe('The highest base score.'),
  exploited,
  exploitedSince: day.optional().describe('CISA’s listing, or the day on which MSRC was first seen to say so: the earlier.'),
  ransomware: z.literal(true).optional().describe('Known to be used in ransomware campaigns.'),
  kevDueDate: day.optional().describe('As CISA gives it; it may be before its listing.'),
  supersededBy,
  fixedBuild: z.array(z.string()).optional().describe('The builds that it brings, one for each product.'),
  source: z.string(),
  sourceUrl: address,
  revisedAt: instant.describe('The revision of the bulletin that was read.'),
  rules: z.object({
    releasedAt: z.enum(RELEASE_RULES),
    cvesAgreeing: count,
    cves: count,
    products: z.enum(PRODUCT_SCOPES).describe('Whether severity, score, successor and builds are over the products that machines have.'),
    exploited: z.enum(EXPLOITED_RULES).optional(),
    supersededBy: z.enum(SUCCESSOR_RULES).optional(),
  }),
})

/** What public sources say of a KB. */
export const catalogueShape = {
  catalogue: facts.optional().describe('What public sources say of it, and by which rules; left out where nothing is known.'),
}

/** The little of it that stands beside a change. */
export const catalogueNowShape = {
  catalogue: z
    .object({ releasedAt: day, severity, exploited, supersededBy })
    .optional()
    .describe('What public sources say of it now, whenever the change was; left out where nothing is known.'),
}

export function toCatalogue(known: CatalogueFacts | undefined): z.infer<z.ZodObject<typeof catalogueShape>> {
  if (!known) return {}
  const { ransomware, ...rest } = known
  return { catalogue: { ...rest, ...(ransomware === true && { ransomware }) } }
}

export function toCatalogueNow(known: CatalogueFacts | undefined): z.infer<z.ZodObject<typeof catalogueNowShape>> {
  if (!known) return {}
  const { releasedAt, exploited, severity: worst, supersededBy: successors } = known
  return { catalogue: { releasedAt, exploited, ...(worst && { severity: worst }), ...(successors && { supersededBy: successors }) } }
}
