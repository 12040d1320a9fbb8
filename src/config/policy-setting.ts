import { z } from 'zod'
import { type Policy, POLICY_CLOCKS, POLICY_PRESETS, type PolicyLimit, type PolicyRule, SEVERITIES } from '../domain/index.ts'
import { parseJson } from '../parse-json.ts'

const PRESETS = Object.keys(POLICY_PRESETS) as (keyof typeof POLICY_PRESETS)[]
const MOST_RULES = 20
const MOST_DAYS = 3650
const MOST_MONTHS = 120
/** Stands in figures, rows and columns. */
const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}$/, 'a name of 1 to 60 letters, digits, blanks, dots, hyphens and underscores')
const names = z.array(z.string().min(1).max(100)).min(1).max(50)
/** `none`: of KBs that are given none. */
const severity = z.enum([...SEVERITIES, 'none']).transform((word) => (word === 'none' ? null : word))

const ruleSchema = z
  .strictObject({
    name,
    severity: z.array(severity).min(1).optional(),
    orCvssFrom: z.number().min(0).max(10).optional(),
    exploited: z.boolean().optional(),
    kev: z.boolean().optional(),
    tags: names.optional(),
    groups: names.optional(),
    platforms: names.optional(),
    clock: z.enum(POLICY_CLOCKS).default('release'),
    days: z.int().min(1).max(MOST_DAYS).optional(),
    months: z.int().min(1).max(MOST_MONTHS).optional(),
    kevDueElseDays: z.int().min(1).max(MOST_DAYS).optional(),
  })
  .transform(({ name: ruleName, clock, days, months, kevDueElseDays, ...rest }, context): PolicyRule => {
    const given = Object.entries({ days, months, kevDueElseDays }).filter(([, value]) => value !== undefined)
    const [limit, another] = given
    if (limit === undefined || another !== undefined) {
      context.issues.push({ code: 'custom', message: 'one of days, months and kevDueElseDays', input: ruleName })
      return z.NEVER
    }
    if (rest.orCvssFrom !== undefined && rest.severity === undefined) {
      context.issues.push({ code: 'custom', message: 'severity beside orCvssFrom, which alone says nothing', input: ruleName })
      return z.NEVER
    }
    const when = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
    // What CISA gives is counted from its listing.
    return {
      name: ruleName,
      when,
      clock: kevDueElseDays === undefined ? clock : 'kevAdded',
      limit: Object.fromEntries([limit]) as PolicyLimit,
    }
  })

const policySchema = z.strictObject({
  name,
  rules: z.array(ruleSchema).min(1).max(MOST_RULES),
})

const EXPECTED = `one of ${PRESETS.join(', ')}, or JSON like {"name":"ours","rules":[{"name":"critical","severity":["Critical"],"days":14},{"name":"rest","months":1}]}`

/** Deadlines: the name of a preset, or one's own as JSON. */
export const policySetting: z.ZodType<Policy, string> = z.string().transform((text, context): Policy => {
  const preset = PRESETS.find((known) => known === text.toLowerCase())
  if (preset) return { name: preset, rules: POLICY_PRESETS[preset].rules }
  const read = policySchema.safeParse(parseJson(text))
  if (read.success && !PRESETS.some((known) => known === read.data.name.toLowerCase())) return read.data
  const problem = read.success ? 'name is that of a preset' : text.startsWith('{') ? problemOf(read.error) : 'it is no JSON object'
  context.issues.push({ code: 'custom', message: `${EXPECTED}: ${problem}`, input: text })
  return z.NEVER
})

/** The first of what is wrong, and where: `rules.1.days is …`. */
function problemOf({ issues: [first] }: z.ZodError): string {
  return first === undefined || first.path.length === 0
    ? `it is none (${first?.message ?? ''})`
    : `${first.path.join('.')}: ${first.message}`
}
