import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { reportGrants } from '../../infra/hooks/grant-report.mjs'
import { siteOption } from '../../infra/hooks/functions.mjs'
import { nextSteps } from '../../infra/hooks/next-steps.mjs'
import { predeploy } from '../../infra/hooks/predeploy.mjs'
import { quoted } from '../../infra/hooks/quoted.mjs'
import { OUTPUTS } from './azure-answers.ts'
import { fakeWorld, says } from './fake-az.ts'

const AWKWARD = { ...OUTPUTS, AZURE_RESOURCE_GROUP: 'rg(prod)' }

test.each([
  ['rg-prod_1.x', 'rg-prod_1.x'],
  ['', "''"],
  ['rg(prod)', "'rg(prod)'"],
  ['$HOME & co', "'$HOME & co'"],
  ["healthStatus eq 'Active'", `"healthStatus eq 'Active'"`],
  ["a $x in 'y'", `'a $x in '\\''y'\\'''`],
])('%s is written as %s, which bash gives back', (value, written) => {
  expect(quoted(value)).toBe(written)
  expect(execFileSync('bash', ['-c', `printf %s ${quoted(value)}`], { encoding: 'utf8' })).toBe(value)
})

test('printed commands can be pasted whatever the group is called', async () => {
  expect(siteOption(AWKWARD)).toContain("--resource-group 'rg(prod)' --name func-pt")
  const place = { principalId: 'a b', tenantId: 't(1)', cloud: undefined, site: siteOption(AWKWARD), hasRun: true }
  const lines = [...nextSteps(AWKWARD), ...reportGrants({ kind: 'refused' }, place)]
  expect(lines.filter((line) => line.includes('rg(prod)') && !line.includes("'rg(prod)'"))).toEqual([])
  expect(lines.join('\n')).toContain("az login --tenant 't(1)' && bash infra/grants/grant.sh 'a b'")

  const account = '/subscriptions/s/resourceGroups/rg(prod)/providers/Microsoft.Storage/storageAccounts/st'
  const env = { ...AWKWARD, PATCHTRAIL_STORAGE_ID: account, PATCHTRAIL_DATA_STORAGE_ID: account }
  const { world, said } = fakeWorld([['roleAssignments', says({ value: [] })]], env)
  await predeploy(world)
  expect(said()).toContain(`--scope '${account}'`)
})
