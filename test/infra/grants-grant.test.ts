import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  alreadyExists,
  assignmentsUrl,
  badReference,
  defenderUrl,
  forbidden,
  MACHINES,
  PRINCIPAL,
  RESOURCE,
  SOFTWARE,
  throttled,
  unknownPrincipal,
} from './azure-answers.ts'
import { fails, FakeTools, type Rule, says } from './fake-az.ts'

const SCRIPT = fileURLToPath(new URL('../../infra/grants/grant.sh', import.meta.url))
const VULNERABILITIES = '88888888-8888-4888-8888-888888888888'

/** What az answers after its own `--query`, in tsv. */
const cloud: Rule = ['cloud show', says('https://graph.microsoft.com/\n')]
const resource: Rule = [[defenderUrl, 'value[0].id'], says(`${RESOURCE}\n`)]
const roles: Rule[] = [
  [[defenderUrl, "value=='Machine.Read.All'", "'Application'"], says(`${MACHINES}\n`)],
  [[defenderUrl, "value=='Software.Read.All'", "'Application'"], says(`${SOFTWARE}\n`)],
  [[defenderUrl, "value=='Vulnerability.Read.All'"], says(`${VULNERABILITIES}\n`)],
  [[defenderUrl, "value=='No.Such.Role'"], says('')],
]
const look: [string, string] = ['GET', assignmentsUrl]
const post: [string, string] = ['POST', assignmentsUrl]
const around = (...rules: Rule[]): Rule[] => [cloud, resource, ...rules, ...roles, [look, says('0\n')], [post, says({})]]

async function run(rules: Rule[], ...args: string[]) {
  const tools = new FakeTools(rules)
  const ended = await tools.run('bash', [SCRIPT, ...args])
  return { ...ended, tools, sleeps: tools.calls('sleep').map(({ args }) => Number(args[0])) }
}

const posted = (tools: FakeTools) =>
  tools.callsWith(...post).map(({ args }) => JSON.parse(args[args.indexOf('--body') + 1] ?? '') as unknown)
const body = (appRoleId: string) => ({ principalId: PRINCIPAL, resourceId: RESOURCE, appRoleId })

describe('grant.sh', () => {
  test('first run: both roles, looked up by name', async () => {
    const { code, out, tools, sleeps } = await run(around(), PRINCIPAL)
    expect(code).toBe(0)
    expect(out).toContain('Machine.Read.All: granted.\nSoftware.Read.All: granted.\n')
    expect(out).toContain('restart it (az functionapp restart)')
    expect(posted(tools)).toEqual([body(MACHINES), body(SOFTWARE)])
    expect(sleeps).toEqual([])
  })

  test('second run: nothing is written', async () => {
    const { code, out, tools } = await run(around([look, says('1\n')]), PRINCIPAL)
    expect(code).toBe(0)
    expect(out).toContain('Machine.Read.All: granted already.\nSoftware.Read.All: granted already.\n')
    expect(posted(tools)).toEqual([])
  })

  test.each(['\n', '', 'WARNING: x\n1\n', 'null'])('an answer that is no number is not taken for granted: %j', async (text) => {
    const { code, out, err, tools } = await run(around([look, says(text)]), PRINCIPAL)
    expect(code).toBe(1)
    expect(err).toContain('What the identity has could not be read, so Machine.Read.All was not granted.')
    expect(out).not.toContain('granted already')
    expect(posted(tools)).toEqual([])
  })

  test('what exists although it was not seen is a success, without waiting', async () => {
    const { code, out, sleeps } = await run(around([post, alreadyExists]), PRINCIPAL)
    expect(code).toBe(0)
    expect(out).toContain('Software.Read.All: granted already.')
    expect(sleeps).toEqual([])
  })

  test('further roles are added to the two', async () => {
    const { code, tools } = await run(around(), PRINCIPAL, 'Vulnerability.Read.All')
    expect(code).toBe(0)
    expect(posted(tools)).toEqual([body(MACHINES), body(SOFTWARE), body(VULNERABILITIES)])
  })

  test('no right: it ends at once, and says who may', async () => {
    const { code, err, sleeps } = await run(around([post, forbidden]), PRINCIPAL)
    expect(code).toBe(1)
    expect(err).toContain(
      'A Cloud Application Administrator, Application Administrator or Privileged Role Administrator of this tenant may.',
    )
    expect(err).toContain('Insufficient privileges')
    expect(sleeps).toEqual([])
  })

  test('a new principal is waited for, and a throttled Graph', async () => {
    const { code, out, sleeps } = await run(
      around([look, unknownPrincipal, throttled, says('0\n')], [post, badReference, says({})]),
      PRINCIPAL,
    )
    expect(code).toBe(0)
    expect(out).toContain('Software.Read.All: granted.')
    expect(sleeps).toEqual([5, 10, 5])
  })

  test('a principal that stays unknown ends it after three minutes', async () => {
    const { code, err, sleeps } = await run(around([look, unknownPrincipal]), PRINCIPAL)
    expect(code).toBe(1)
    expect(err).toContain(`Entra does not know the principal ${PRINCIPAL}: is it the identity's object id, and not its client id?`)
    expect(sleeps.reduce((sum, next) => sum + next, 0)).toBe(180)
  })

  test('Defender was never set up, or az is in another tenant', async () => {
    const { code, err } = await run([cloud, [[defenderUrl, 'value[0].id'], says('')]], PRINCIPAL)
    expect(code).toBe(1)
    expect(err).toContain('WindowsDefenderATP is not in this tenant')
  })

  test.each([
    ['No.Such.Role', 'WindowsDefenderATP has no application role No.Such.Role in this tenant.'],
    ["x' || '1", "Not the name of a role: x' || '1"],
  ])('a role that cannot be: %s', async (name, sentence) => {
    const { code, err } = await run(around(), PRINCIPAL, name)
    expect(code).toBe(1)
    expect(err).toContain(sentence)
  })

  test.each([[[]], [['patchtrail-identity']]])('without a principal id it says how it is used: %j', async (args) => {
    const { code, err, tools } = await run([], ...args)
    expect(code).toBe(1)
    expect(err).toContain('Usage: bash grant.sh <principal id of the identity>')
    expect(tools.calls()).toEqual([])
  })

  test('nobody is signed in', async () => {
    const { code, err } = await run([cloud, [defenderUrl, fails("Please run 'az login' to setup account.")]], PRINCIPAL)
    expect(code).toBe(1)
    expect(err).toContain("Please run 'az login'")
  })

  test('in the US government cloud all goes to its Graph', async () => {
    const { code, tools } = await run([['cloud show', says('https://graph.microsoft.us/\n')], ...around()], PRINCIPAL)
    expect(code).toBe(0)
    const urls = tools.callsWith('rest').map(({ args }) => args[args.indexOf('--url') + 1])
    expect(urls.filter((url) => !url?.startsWith('https://graph.microsoft.us/v1.0/'))).toEqual([])
  })
})
