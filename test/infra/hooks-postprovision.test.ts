import { expect, test } from 'vitest'
import { postprovision } from '../../infra/hooks/postprovision.mjs'
import {
  account,
  alreadyExists,
  assignmentsUrl,
  badReference,
  defenderThere,
  defenderUrl,
  forbidden,
  graphCloud,
  held,
  MACHINES,
  OUTPUTS,
  PRINCIPAL,
  REGISTRATION,
  RESOURCE,
  signedIn,
  SOFTWARE,
  TENANT,
  throttled,
  unknownPrincipal,
} from './azure-answers.ts'
import { fails, fakeWorld, type Rule, says } from './fake-az.ts'

const noneHeld: Rule = [['GET', assignmentsUrl], held()]
const functions = (count: number): Rule => ['function list', says(count)]
const post = (...answers: [ReturnType<typeof says>, ...ReturnType<typeof says>[]]): Rule => [['POST', assignmentsUrl], ...answers]
const around = (...rules: Rule[]): Rule[] => [signedIn, graphCloud, defenderThere, ...rules, functions(0)]
const GRANT = `bash infra/grants/grant.sh ${PRINCIPAL}`

async function run(rules: Rule[], env: Record<string, string> = {}) {
  const { world, tools, said, waitedSeconds } = fakeWorld(rules, { ...OUTPUTS, ...env })
  return { code: await postprovision(world), said: said(), tools, waited: waitedSeconds() }
}

test('first run: both roles are granted, by name, to the identity', async () => {
  const { code, said, tools, waited } = await run(around(noneHeld, post(says({}))))
  expect(code).toBe(0)
  expect(said).toBe('Granted in Defender (WindowsDefenderATP): Machine.Read.All and Software.Read.All.')
  expect(tools.callsWith('POST').map(({ file }) => JSON.parse(file ?? '') as unknown)).toEqual([
    { principalId: PRINCIPAL, resourceId: RESOURCE, appRoleId: MACHINES },
    { principalId: PRINCIPAL, resourceId: RESOURCE, appRoleId: SOFTWARE },
  ])
  expect(waited).toBe(0)
})

test('second run: what is there is fine, and nothing is written', async () => {
  const { code, said, tools } = await run(around([['GET', assignmentsUrl], held(SOFTWARE, MACHINES)]))
  expect(code).toBe(0)
  expect(said).toBe("The app's identity has Machine.Read.All and Software.Read.All in Defender (WindowsDefenderATP).")
  expect(tools.callsWith('POST')).toEqual([])
})

test('what was granted between the look and the grant is fine too', async () => {
  const { said } = await run(around(noneHeld, post(alreadyExists, says({}))))
  expect(said).toContain('Granted in Defender (WindowsDefenderATP): Software.Read.All.')
})

test('an app that has run without is to be restarted', async () => {
  const { said } = await run([functions(31), ...around(noneHeld, post(says({})))])
  expect(said).toContain('tokens are cached: Defender may answer 403 for up to a day. Restart it:')
  expect(said).toContain('--resource-group rg --name func-pt')
})

test.each<[string, Rule[]]>([
  ['to grant', around(noneHeld, post(forbidden))],
  ['to look', [signedIn, graphCloud, [['GET', defenderUrl], forbidden], functions(0)]],
])('no right %s: it says the command for an administrator, and goes on', async (_, rules) => {
  const { code, said, waited } = await run(rules)
  expect(code).toBe(0)
  expect(said).toContain("you may not see or grant the permissions of the app's identity")
  expect(said).toContain('A Cloud Application Administrator, Application Administrator or Privileged Role Administrator')
  expect(said).toContain(`az login --tenant ${TENANT} && ${GRANT}`)
  expect(said).toContain(`./infra/grants/grant.ps1 -PrincipalId ${PRINCIPAL}`)
  expect(said).toContain('az functionapp restart')
  expect(waited).toBe(0)
})

test('a new identity that Graph does not know yet is waited for', async () => {
  const looks: Rule = [['GET', assignmentsUrl], unknownPrincipal, unknownPrincipal, held()]
  const { code, said, waited } = await run(around(looks, post(badReference, says({}))))
  expect(code).toBe(0)
  expect(said).toContain('Entra does not know the new identity: not yet; trying again in 5 s.')
  expect(said).toContain('Granted in Defender (WindowsDefenderATP): Machine.Read.All and Software.Read.All.')
  expect(waited).toBe(5 + 10 + 5)
})

test('an identity that stays unknown ends well, with the command for later', async () => {
  const { code, said, waited } = await run(around([['GET', assignmentsUrl], unknownPrincipal]))
  expect(code).toBe(0)
  expect(said).toContain(`Entra did not know the principal ${PRINCIPAL} after three minutes`)
  expect(said).toContain(GRANT)
  expect(waited).toBe(180)
})

test('a throttled Graph is waited for, as long as it says where az passes that on', async () => {
  const slow = fails("Too Many Requests({}) 'Retry-After': '42'")
  const { said, waited } = await run(around([['GET', assignmentsUrl], throttled, slow, held()], post(says({}))))
  expect(said).toContain('too many requests; trying again in 42 s.')
  expect(waited).toBe(5 + 42)
})

test('Defender was never set up in the tenant', async () => {
  const { code, said } = await run([signedIn, graphCloud, [['GET', defenderUrl], says({ value: [] })], functions(0)])
  expect(code).toBe(0)
  expect(said).toContain(`is not in the tenant ${TENANT}: Defender for Endpoint was never set up there`)
  expect(said).toContain(GRANT)
})

test("Graph's address is that of the cloud", async () => {
  const cloud: Rule = ['cloud show', says('"https://graph.microsoft.us/"')]
  const signed: Rule = ['account show', says(account({ environmentName: 'AzureUSGovernment' }))]
  const { tools } = await run([signed, cloud, ...around(noneHeld, post(says({})))], { DEFENDER_CLOUD: 'dod', PATCHTRAIL_CLOUD: 'dod' })
  const urls = tools.callsWith('rest').map(({ args }) => args[args.indexOf('--url') + 1])
  expect(urls.filter((url) => !url?.startsWith('https://graph.microsoft.us/v1.0/'))).toEqual([])
})

test('signed in elsewhere: nothing is asked of a foreign tenant', async () => {
  const { code, said, tools } = await run([['account show', says(account({ tenantId: 'foreign' }))], functions(0)])
  expect(code).toBe(0)
  expect(said).toContain(`az is signed in to the tenant foreign, the app's is ${TENANT}.`)
  expect(said).toContain(GRANT)
  expect(said).toContain('were neither looked at nor granted')
  expect(tools.callsWith('rest')).toEqual([])
})

test('an administrator of the US government cloud is told to sign in there', async () => {
  const signed: Rule = ['account show', says(account({ environmentName: 'AzureUSGovernment' }))]
  const { said } = await run([signed, ...around(noneHeld, post(forbidden))], { PATCHTRAIL_CLOUD: 'gcchigh' })
  expect(said).toContain(`az cloud set --name AzureUSGovernment && az login --tenant ${TENANT} && ${GRANT}`)
  expect(said).toContain(`az cloud set --name AzureUSGovernment; az login --tenant ${TENANT}; ./infra/grants/grant.ps1`)
})

test('without the outputs of the template it says so, and ends well', async () => {
  const { code, said } = await run([], { PATCHTRAIL_PRINCIPAL_ID: '' })
  expect(code).toBe(0)
  expect(said).toContain("azd's environment has no PATCHTRAIL_PRINCIPAL_ID: run `azd provision --no-state` first")
})

test.each([
  ['false', 0],
  ['true', 2],
  ['', 2],
])('PATCHTRAIL_GRANT=%s: %i grants are tried', async (value, grants) => {
  const { code, said, tools } = await run(around(noneHeld, post(says({}))), { PATCHTRAIL_GRANT: value })
  expect(code).toBe(0)
  expect(tools.callsWith('POST')).toHaveLength(grants)
  if (grants === 0) expect(said).toContain("The app's identity lacks Machine.Read.All and Software.Read.All in Defender")
  if (grants === 0) expect(said).toContain(GRANT)
})

const credentials = `applications(appId='${REGISTRATION}')/federatedIdentityCredentials`
const trusted = {
  issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
  subject: PRINCIPAL,
  audiences: ['api://AzureADTokenExchange'],
}

test('many tenants: nothing is granted, and the credential that must exist is named', async () => {
  const other = { ...trusted, subject: 'another identity' }
  const { code, said, tools } = await run([signedIn, graphCloud, [credentials, says({ value: [other] })]], {
    DEFENDER_CLIENT_ID: REGISTRATION,
  })
  expect(code).toBe(0)
  expect(said).toContain(`issuer ${trusted.issuer}, subject ${PRINCIPAL}, audience api://AzureADTokenExchange.`)
  expect(said).toContain(`bash infra/grants/register.sh --client-id ${REGISTRATION} --principal ${PRINCIPAL}`)
  expect(said).toContain(`./infra/grants/register.ps1 -ClientId ${REGISTRATION} -PrincipalId ${PRINCIPAL}`)
  expect(tools.callsWith('POST')).toEqual([])
})

test('many tenants: a credential that is there is fine; one that cannot be read is named', async () => {
  const env = { DEFENDER_CLIENT_ID: REGISTRATION }
  expect((await run([signedIn, graphCloud, [credentials, says({ value: [trusted] })]], env)).said).toContain(
    "It trusts the app's identity.",
  )
  const unread = await run([signedIn, graphCloud, [credentials, forbidden]], env)
  expect(unread.said).toContain('could not be read (Insufficient privileges to complete the operation.)')
  expect(unread.said).toContain('It must have this federated credential')
})
