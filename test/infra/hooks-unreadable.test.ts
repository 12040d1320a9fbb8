import { describe, expect, test } from 'vitest'
import { accountOf } from '../../infra/hooks/account.mjs'
import { postdeploy } from '../../infra/hooks/postdeploy.mjs'
import { postprovision } from '../../infra/hooks/postprovision.mjs'
import { predeploy } from '../../infra/hooks/predeploy.mjs'
import { preprovision } from '../../infra/hooks/preprovision.mjs'
import { permissionsOf } from '../../infra/hooks/rights.mjs'
import { assignmentsOf } from '../../infra/hooks/storage-roles.mjs'
import packageJson from '../../package.json' with { type: 'json' }
import { assignmentsUrl, defenderThere, defenderUrl, graphCloud, held, OUTPUTS, REGISTRATION, signedIn } from './azure-answers.ts'
import { fakeWorld, NOW, type Rule, says, unreadable } from './fake-az.ts'
import type { Hook } from '../../infra/hooks/hook.mjs'

// What cannot be read is neither a yes nor a no.

async function run(hook: Hook, rules: Rule[], env: Record<string, string> = {}) {
  const { world, said, waitedSeconds } = fakeWorld(rules, { ...OUTPUTS, ...env })
  return { code: await hook(world), said: said(), waited: waitedSeconds() }
}

test.each([undefined, '', {}, { value: {} }, []])('no list is not an empty list: %j', (answer) => {
  expect([permissionsOf(answer), assignmentsOf(answer)]).toEqual([undefined, undefined])
  expect([permissionsOf({ value: [] }), assignmentsOf({ value: [] })]).toEqual([[], []])
})

test.each(['', 'WARNING: x\n{}', '{}', '{"id": "1"}', '{"tenantId": "1"}'])('an account without ids is none: %j', (answer) =>
  expect(accountOf(answer)).toBeUndefined(),
)

describe.each(unreadable)('an answer that is %s', (_, answer) => {
  test('to who is signed in: nothing is checked, and nothing stopped', async () => {
    const { code, said } = await run(preprovision, [['account show', answer]])
    expect(code).toBe(0)
    expect(said).toContain('Not checked: whom az acts for')
    expect(said).not.toContain('signed in')
  })

  test('to rights, regions and providers: nothing is missing, nothing there', async () => {
    const env = { PATCHTRAIL_PRIVATE_NETWORK: 'true', PATCHTRAIL_HISTORY_ACCOUNT: 'sthistory' }
    const { code, said } = await run(preprovision, [signedIn, ['', answer]], env)
    expect(said).not.toContain('STOP')
    expect(code).toBe(0)
    expect(said).toContain('Not checked: what ada@contoso.com may do in the resource group rg.')
    expect(said).toContain('Not checked: what ada@contoso.com may do in the storage account sthistory')
    expect(said).toContain('Not checked: whether this would change what an installation that is there reads')
    expect(said).toContain('Not checked: whether westeurope has Flex Consumption.')
    expect(said).toContain('Not checked: whether westeurope has storage of the kind Standard_ZRS.')
    expect(said).toContain('Not checked: which resource providers are registered.')
  })

  test('to role assignments: they are taken neither for there nor for missing', async () => {
    const { code, said, waited } = await run(predeploy, [
      ['roleAssignments', answer],
      ['function list', says(31)],
    ])
    expect(code).toBe(0)
    expect(said).toContain('could not be read: ')
    expect(said).toContain('has been deployed before')
    expect(waited).toBeLessThan(60)
  })

  test.each<[string, Rule[]]>([
    ["Defender's entry", [[['GET', defenderUrl], answer]]],
    ['the permissions', [defenderThere, [['GET', assignmentsUrl], answer]]],
  ])('to a look at %s: it is not said to be missing', async (_, rules) => {
    const { code, said } = await run(postprovision, [signedIn, graphCloud, ...rules, ['function list', answer]])
    expect(code).toBe(0)
    expect(said).toContain('The permissions in Defender (WindowsDefenderATP) could not be looked at or granted: az')
    expect(said).not.toContain('is not in the tenant')
  })

  test('to how often the app has run: a restart is advised in case', async () => {
    const rules: Rule[] = [signedIn, graphCloud, defenderThere, [['GET', assignmentsUrl], held()], [['POST', assignmentsUrl], says({})]]
    expect((await run(postprovision, [...rules, ['function list', answer]])).said).toContain('If the app has run without (az did not say)')
  })

  test('to the registration and to the settings: both are said to be unknown', async () => {
    const health: Rule = ['api/health', says({ status: 'ok', version: packageJson.version, lastTickAt: new Date(NOW).toISOString() })]
    const rules: Rule[] = [health, ['appsettings list', answer], signedIn, graphCloud, ['federatedIdentityCredentials', answer]]
    const { code, said } = await run(postdeploy, rules, { DEFENDER_CLIENT_ID: REGISTRATION })
    expect(code).toBe(0)
    expect(said).toMatch(/The app's settings could not be (read|looked at): az/)
    expect(said).toContain("Whether it trusts the app's identity could not be read (az")
    expect(said).not.toContain('does not trust')
  })
})
