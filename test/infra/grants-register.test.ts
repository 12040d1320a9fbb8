import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { defenderUrl, forbidden, MACHINES, PRINCIPAL, REGISTRATION, RESOURCE, SOFTWARE, TENANT } from './azure-answers.ts'
import { fails, FakeTools, type Rule, says } from './fake-az.ts'

const SCRIPT = fileURLToPath(new URL('../../infra/grants/register.sh', import.meta.url))

const missingApp = fails(`Resource '${REGISTRATION}' does not exist or one of its queried reference-property objects are not present.`)
const AUTHORITY: [string, string] = ['cloud show', 'activeDirectory']
const REQUIRED: [string, string] = ['app show', 'requiredResourceAccess']
const TRUSTED: [string, string] = ['federated-credential list', `subject=='${PRINCIPAL}'`]
const around = (...rules: Rule[]): Rule[] => [
  ...rules,
  ['account show', says(`${TENANT}\n`)],
  [AUTHORITY, says('https://login.microsoftonline.com\n')],
  [['cloud show', 'microsoftGraph'], says('https://graph.microsoft.com/\n')],
  ["app list --filter displayName eq 'patchtrail'", says('')],
  ['app create', says(`${REGISTRATION}\n`)],
  [['app show', 'signInAudience'], says('AzureADMultipleOrgs\n')],
  [[defenderUrl, 'value[0].id'], says(`${RESOURCE}\n`)],
  [[defenderUrl, "value=='Machine.Read.All'"], says(`${MACHINES}\n`)],
  [[defenderUrl, "value=='Software.Read.All'"], says(`${SOFTWARE}\n`)],
  [REQUIRED, says('0\n')],
  ['permission add', says('')],
  [TRUSTED, says('0\n')],
  ['federated-credential create', says({})],
]

async function run(rules: Rule[], ...args: string[]) {
  const tools = new FakeTools(rules)
  const ended = await tools.run('bash', [SCRIPT, ...args])
  return { ...ended, tools, sleeps: tools.calls('sleep').map(({ args }) => args[0]) }
}
const written = (tools: FakeTools) => ['app create', 'permission add', 'credential create'].map((words) => tools.callsWith(words).length)
const credential = (tools: FakeTools) => JSON.parse(tools.callsWith('credential create')[0]?.file ?? '') as unknown

describe('register.sh', () => {
  test('first run: a registration for many tenants, its two roles, and the identity that may act as it', async () => {
    const { code, out, tools } = await run(around(), '--principal', PRINCIPAL, '--redirect', 'https://contoso.com/done')
    expect(code).toBe(0)
    expect(written(tools)).toEqual([1, 2, 1])
    const [create] = tools.callsWith('app create')
    expect(create?.args.join(' ')).toContain('--display-name patchtrail --sign-in-audience AzureADMultipleOrgs')
    expect(create?.args.join(' ')).toContain('--web-redirect-uris https://contoso.com/done')
    expect(tools.callsWith('permission add').map(({ args }) => args[args.indexOf('--api-permissions') + 1])).toEqual([
      `${MACHINES}=Role`,
      `${SOFTWARE}=Role`,
    ])
    expect(credential(tools)).toEqual({
      name: `patchtrail-${PRINCIPAL}`,
      issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      subject: PRINCIPAL,
      audiences: ['api://AzureADTokenExchange'],
    })
    expect(out).toContain(`azd env set DEFENDER_CLIENT_ID ${REGISTRATION}`)
    expect(out).toContain(`https://login.microsoftonline.com/<tenant id of the customer>/adminconsent?client_id=${REGISTRATION}`)
  })

  test('second run: found by its name, and nothing is written', async () => {
    const there = around(['app list', says(`${REGISTRATION}\n`)], [REQUIRED, says('1\n')], [TRUSTED, says('1\n')])
    const { code, out, tools } = await run(there, '--principal', PRINCIPAL)
    expect(code).toBe(0)
    expect(written(tools)).toEqual([0, 0, 0])
    expect(out).toContain('Machine.Read.All: required already.')
    expect(out).toContain(`Trusts the identity ${PRINCIPAL} already.`)
  })

  test('by its client id, before there is an identity', async () => {
    const { code, out, tools } = await run(around(), '--client-id', REGISTRATION)
    expect(code).toBe(0)
    expect(written(tools)).toEqual([0, 2, 0])
    expect(tools.callsWith('app list')).toEqual([])
    expect(out).toContain('run it again with --principal')
  })

  test('the US government cloud has an authority and an audience of its own', async () => {
    const { tools } = await run(around([AUTHORITY, says('https://login.microsoftonline.us/\n')]), '--principal', PRINCIPAL)
    expect(credential(tools)).toMatchObject({
      issuer: `https://login.microsoftonline.us/${TENANT}/v2.0`,
      audiences: ['api://AzureADTokenExchangeUSGov'],
    })
  })

  test.each<[string, Rule, string]>([
    [
      'a cloud without Defender',
      [AUTHORITY, says('https://login.chinacloudapi.cn\n')],
      'knows no Defender in the cloud of https://login.chinacloudapi.cn',
    ],
    ['two of that name', ['app list', says('one\ntwo\n')], 'More than one registration is called patchtrail. Say which with --client-id:'],
    [
      "somebody's app of one tenant",
      [['app show', 'signInAudience'], says('AzureADMyOrg\n')],
      'is for one tenant (AzureADMyOrg), and may serve something else',
    ],
    ['no right', ['app create', forbidden], 'You may not do this: it takes an Application Developer to register'],
  ])('%s stops it', async (_, rule, sentence) => {
    const { code, err, tools } = await run(around(rule), '--principal', PRINCIPAL)
    expect(code).toBe(1)
    expect(err).toContain(sentence)
    expect(written(tools).slice(1)).toEqual([0, 0])
  })

  test('without Defender at home no permission can be looked up, and the identity is trusted all the same', async () => {
    const { code, out, tools } = await run(around([[defenderUrl, 'value[0].id'], says('')]), '--principal', PRINCIPAL)
    expect(code).toBe(0)
    expect(out).toContain('No permission was required. Set it up and run this again, or add them by their ids')
    expect(written(tools)).toEqual([1, 0, 1])
  })

  test('a registration that Entra does not find yet is waited for', async () => {
    const { code, sleeps } = await run(around([['app show', 'signInAudience'], missingApp, says('AzureADMultipleOrgs\n')]))
    expect(code).toBe(0)
    expect(sleeps).toEqual(['5'])
  })

  test.each([
    [['--principal'], '--principal needs a value'],
    [['--tenant', 'x'], 'Unknown: --tenant'],
    [['--name', "a'b"], "Take letters, digits, spaces, dots and hyphens for the name: a'b"],
  ])('%j', async (args, sentence) => {
    const { code, err } = await run([], ...args)
    expect(code).toBe(1)
    expect(err).toContain(sentence)
  })
})
