import { z } from 'zod'
import { NOTHING_SET, type TenantSettings } from '../../domain/index.ts'
import { tenantReport } from '../../edge/tenant-report.ts'
import type { ManyTenantsServices } from '../../program.ts'
import { registerTenant } from '../../sync/index.ts'
import { defineAppRoute } from '../define-route.ts'
import { appQuery, tenantIdPathParameter } from '../parameter.ts'
import { ProblemError, problemSchema } from '../problem.ts'
import { invalidMember } from '../read-body.ts'
import { tenantSchema, toTenant } from '../shapes/tenant.ts'
import { oneTenant, requireSameTenant } from '../tenant-parameter.ts'

const text = (most: number) => {
  const expected = `a text of 1 to ${most} characters`
  return z.string({ error: expected }).trim().min(1, { error: expected }).max(most, { error: expected })
}
const calls = z.int({ error: 'a whole number of calls' }).positive({ error: 'a whole number of calls, 1 or more' })
const PLATFORMS = 'prefixes of osPlatform: a list, or a text with commas'
const platforms = z
  .union([text(1000), z.array(z.string().regex(/^[^,]{1,100}$/, { error: PLATFORMS })).min(1, { error: PLATFORMS })], { error: PLATFORMS })
  .transform((given) => (Array.isArray(given) ? given.join(',') : given))

const tenantBody = z
  .strictObject({
    name: text(100)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'a text without control characters' })
      .describe('What people call it.'),
    enabled: z.boolean({ error: 'true or false' }).default(true),
    cloud: text(20).exactOptional(),
    region: text(20).exactOptional(),
    schedule: text(200).exactOptional().describe('NCRONTAB, in UTC.'),
    machineFilter: text(2000).exactOptional(),
    machinePlatforms: platforms.exactOptional(),
    callsPerMinute: calls.exactOptional(),
    callsPerHour: calls.exactOptional(),
    source: text(20).exactOptional(),
  })
  .describe('What is set for a tenant; what is left out is as the app has it.')

export const tenantPutRoute = defineAppRoute({
  name: 'tenantPut',
  method: 'PUT',
  path: 'tenants/{tenantId}',
  summary: 'Adds a tenant, or changes it: all that is set for it is what is sent.',
  authLevel: 'admin',
  query: appQuery({}),
  params: z.strictObject({ tenantId: tenantIdPathParameter }),
  body: tenantBody,
  responses: { 200: tenantSchema, 201: tenantSchema, 409: problemSchema, 413: problemSchema },
  async handle(services, { params, query, body }) {
    requireSameTenant(params, query)
    if (services.kind === 'one') throw oneTenant()
    const { enabled, ...given } = body
    const settings: TenantSettings = { ...NOTHING_SET, ...given, isDisabled: !enabled }
    requireReadable(services, settings)
    const nowMs = services.outside.clock.now()
    const registered = await registerTenant(services.store.of(params.tenantId), settings, nowMs)
    if (registered.kind === 'deleting')
      throw new ProblemError('tenantDeleting', 'The tenant is being deleted with its history; it can be added again when that is done.')
    services.outside.log.info('tenant.registered', { tenantId: params.tenantId, isNew: registered.isNew, enabled })
    const json = toTenant(tenantReport(services, { tenantId: params.tenantId, tenant: registered.tenant }, nowMs))
    return registered.isNew ? { status: 201, json } : { status: 200, json }
  },
})

/** Throws a problem that names the first of what was sent that cannot be. */
function requireReadable({ readSettings }: ManyTenantsServices, settings: TenantSettings): void {
  const [problem] = readSettings(settings).problems
  if (problem) throw invalidMember(problem.setting, problem.expected)
}
