import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  account,
  alreadyExists,
  assignmentsUrl,
  badReference,
  defender,
  defenderUrl,
  forbidden,
  held,
  MACHINES,
  PRINCIPAL,
  REGISTRATION,
  RESOURCE,
  SOFTWARE,
  TENANT,
  unknownPrincipal,
} from './azure-answers.ts'
import { FakeTools, type Rule, says } from './fake-az.ts'

const cloud = (authority = 'https://login.microsoftonline.com', graph = 'https://graph.microsoft.com/'): Rule => [
  'cloud show',
  says({ endpoints: { activeDirectory: authority, microsoftGraphResourceId: graph } }),
]

/** Runs a script in PowerShell, where waiting is only written down. */
async function run(name: string, rules: Rule[], args: string) {
  const tools = new FakeTools(rules, { DOTNET_ROOT: process.env.DOTNET_ROOT ?? '' })
  const script = fileURLToPath(new URL(`../../infra/grants/${name}`, import.meta.url))
  const slept = join(tools.folder, 'slept')
  const ended = await tools.run('pwsh', [
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    `function Start-Sleep($Seconds) { Add-Content '${slept}' $Seconds }; & '${script}' ${args}`,
  ])
  return { ...ended, tools, slept: existsSync(slept) ? readFileSync(slept, 'utf8').trim().split('\n').map(Number) : [] }
}

const bodies = (tools: FakeTools) => tools.callsWith('POST', assignmentsUrl).map(({ file }) => JSON.parse(file ?? '') as unknown)
const body = (appRoleId: string) => ({ principalId: PRINCIPAL, resourceId: RESOURCE, appRoleId })

function hasPowerShell() {
  try {
    execFileSync('pwsh', ['-NoProfile', '-Command', 'exit 0'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

// Where there is no PowerShell 7, grants-facts.test.ts compares the text with its twin's, and that is all.
describe.skipIf(!hasPowerShell())('in PowerShell', () => {
  const grants = (...rules: Rule[]): Rule[] => [
    cloud(),
    [defenderUrl, defender],
    ...rules,
    [['GET', assignmentsUrl], held()],
    [['POST', assignmentsUrl], says({ id: 'new' })],
  ]

  test('grant.ps1 grants both roles', async () => {
    const { code, out, tools, slept } = await run('grant.ps1', grants(), `-PrincipalId ${PRINCIPAL}`)
    expect(out).toContain('Machine.Read.All: granted.\nSoftware.Read.All: granted.\n')
    expect(code).toBe(0)
    expect(bodies(tools)).toEqual([body(MACHINES), body(SOFTWARE)])
    expect(slept).toEqual([])
  })

  test('grant.ps1 leaves what is there', async () => {
    const rules = grants([['GET', assignmentsUrl], held(MACHINES)], [['POST', assignmentsUrl], alreadyExists])
    const { code, out, tools } = await run('grant.ps1', rules, `-PrincipalId ${PRINCIPAL}`)
    expect(code).toBe(0)
    expect(out).toContain('Machine.Read.All: granted already.\nSoftware.Read.All: granted already.\n')
    expect(bodies(tools)).toEqual([body(SOFTWARE)])
  })

  test('grant.ps1 waits for a new principal', async () => {
    const rules = grants([['GET', assignmentsUrl], unknownPrincipal, held()], [['POST', assignmentsUrl], badReference, says({ id: 'new' })])
    const { code, slept } = await run('grant.ps1', rules, `-PrincipalId ${PRINCIPAL}`)
    expect(code).toBe(0)
    expect(slept).toEqual([5, 5])
  })

  test.each<[string, Rule, string, string]>([
    ['without the right', [['POST', assignmentsUrl], forbidden], '', 'You may not do this. A Cloud Application Administrator'],
    ['without Defender', [defenderUrl, says({ value: [] })], '', 'WindowsDefenderATP is not in this tenant'],
    ['for a role that is not there', ['nothing', says('')], '-Role No.Such.Role', 'has no application role No.Such.Role'],
  ])('grant.ps1 ends %s, and says why', async (_, rule, args, sentence) => {
    const { code, err } = await run('grant.ps1', [rule, ...grants()], `-PrincipalId ${PRINCIPAL} ${args}`)
    expect(code).toBe(1)
    expect(err).toContain(sentence)
  })

  const registration = (...requiredIds: string[]) => ({
    appId: REGISTRATION,
    signInAudience: 'AzureADMultipleOrgs',
    requiredResourceAccess: [
      { resourceAppId: 'fc780465-2017-40d4-a0c5-307022471b92', resourceAccess: requiredIds.map((id) => ({ id, type: 'Role' })) },
    ],
  })
  const credential = {
    name: `patchtrail-${PRINCIPAL}`,
    issuer: `https://login.microsoftonline.us/${TENANT}/v2.0`,
    subject: PRINCIPAL,
    audiences: ['api://AzureADTokenExchangeUSGov'],
  }
  const registers = (...rules: Rule[]): Rule[] => [
    ...rules,
    ['account show', says(account())],
    cloud('https://login.microsoftonline.us', 'https://graph.microsoft.us/'),
    ['app list', says([])],
    ['app create', says({ appId: REGISTRATION })],
    ['app show', says({ ...registration(), requiredResourceAccess: [] })],
    [defenderUrl, defender],
    ['permission add', says('')],
    ['federated-credential list', says([])],
    ['federated-credential create', says({})],
  ]

  test('register.ps1 makes registration, permissions and credential', async () => {
    const { code, out, tools } = await run('register.ps1', registers(), `-PrincipalId ${PRINCIPAL} -Redirect https://contoso.com/done`)
    expect(out).toContain(`azd env set DEFENDER_CLIENT_ID ${REGISTRATION}`)
    expect(code).toBe(0)
    expect(tools.callsWith('app create')[0]?.args.join(' ')).toContain('AzureADMultipleOrgs --web-redirect-uris https://contoso.com/done')
    expect(tools.callsWith('permission add')).toHaveLength(2)
    expect(tools.callsWith('permission add', `--api-permissions ${SOFTWARE}=Role`)).toHaveLength(1)
    expect(JSON.parse(tools.callsWith('credential create')[0]?.file ?? '')).toEqual(credential)
  })

  test('register.ps1 leaves what is there', async () => {
    const there = registers(
      ['app list', says([{ appId: REGISTRATION }])],
      ['app show', says(registration(MACHINES, SOFTWARE))],
      ['federated-credential list', says([credential])],
    )
    const { code, out, tools } = await run('register.ps1', there, `-PrincipalId ${PRINCIPAL}`)
    expect(code).toBe(0)
    expect(out).toContain(`Trusts the identity ${PRINCIPAL} already.`)
    for (const words of ['app create', 'permission add', 'credential create']) expect(tools.callsWith(words)).toEqual([])
  })

  test.each<[string, Rule, string]>([
    ['two of one name', ['app list', says([{ appId: 'one' }, { appId: 'two' }])], 'Say which with -ClientId: one, two'],
    [
      "somebody's own app",
      ['app show', says({ ...registration(), signInAudience: 'AzureADMyOrg' })],
      'is for one tenant, and may serve something else',
    ],
    [
      'a cloud without Defender',
      cloud('https://login.chinacloudapi.cn'),
      'knows no Defender in the cloud of https://login.chinacloudapi.cn',
    ],
  ])('register.ps1 ends at %s', async (_, rule, sentence) => {
    const { code, err, tools } = await run('register.ps1', registers(rule), '')
    expect(code).toBe(1)
    expect(err).toContain(sentence)
    expect(tools.callsWith('permission add')).toEqual([])
  })
})
