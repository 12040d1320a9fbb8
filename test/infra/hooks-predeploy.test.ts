import { expect, test } from 'vitest'
import { predeploy } from '../../infra/hooks/predeploy.mjs'
import { judgeRoles, wantedRoles } from '../../infra/hooks/storage-roles.mjs'
import { DATA_STORAGE, HOST_STORAGE, noRightInAzure, OUTPUTS, PRINCIPAL, REGISTRATION, SUBSCRIPTION, throttled } from './azure-answers.ts'
import { fakeWorld, HOUR, NOW, type Rule, says } from './fake-az.ts'

const BLOB = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
const TABLE = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
const QUEUE = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
const AGE = 24 * HOUR

const assignment = (role: string, scope: string, ageMs = AGE) => ({
  properties: {
    roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    principalId: PRINCIPAL,
    scope,
    createdOn: new Date(NOW - ageMs).toISOString(),
  },
})
const list = (...assignments: object[]) => says({ value: assignments })
const ON_HOST: [string, string] = [`${HOST_STORAGE}/providers/Microsoft.Authorization/roleAssignments`, `principalId eq '${PRINCIPAL}'`]
const functions = (count: number): Rule => ['function list', says(count)]

async function run(rules: Rule[], env: Record<string, string> = {}) {
  const { world, tools, said, waitedSeconds } = fakeWorld(rules, { ...OUTPUTS, ...env })
  return { code: await predeploy(world), said: said(), tools, waited: waitedSeconds() }
}

test('the first deployment waits for what is left of three minutes', async () => {
  const young = list(assignment(BLOB, HOST_STORAGE, 70_000), assignment(TABLE, HOST_STORAGE, 50_000))
  const { code, said, waited } = await run([[ON_HOST, young]])
  expect(code).toBe(0)
  expect(said).toContain('younger than 3 minutes, and may not have spread.\nWaiting 130 s.')
  expect(waited).toBe(130)
})

test('a later one waits not at all, and says nothing', async () => {
  expect(await run([[ON_HOST, list(assignment(BLOB, HOST_STORAGE), assignment(TABLE, HOST_STORAGE))]])).toMatchObject({
    code: 0,
    said: '',
    waited: 0,
  })
})

test('roles that are slow are waited for', async () => {
  const all = [assignment(BLOB, HOST_STORAGE, -5_000), assignment(TABLE, HOST_STORAGE)]
  const { code, said, waited } = await run([[ON_HOST, list(), list(...all)]])
  expect(code).toBe(0)
  expect(said).toContain(
    'has no Storage Blob Data Owner and Storage Table Data Contributor on the storage yet. Looking again, 10 minutes at most.',
  )
  expect(waited).toBe(5 + 180)
})

test('roles that never come stop it after ten minutes, with what to do', async () => {
  const { code, said, waited } = await run([[ON_HOST, list(assignment(BLOB, HOST_STORAGE))]])
  expect(code).toBe(1)
  expect(said).toContain(`Storage Table Data Contributor on ${HOST_STORAGE}`)
  expect(said).toContain('run `azd provision --no-state`, and look')
  expect(said).toContain(`--role 'Storage Table Data Contributor' --scope '${HOST_STORAGE}'`)
  expect(said).not.toContain("--role 'Storage Blob Data Owner'")
  expect(said.match(/Looking again/g)).toHaveLength(1)
  expect(waited).toBe(600)
})

test('with an account of its own the history has its role there', async () => {
  const onData = `${DATA_STORAGE}/providers/Microsoft.Authorization/roleAssignments`
  const rules: Rule[] = [
    [ON_HOST, list(assignment(BLOB, HOST_STORAGE))],
    [onData, list(assignment(TABLE, DATA_STORAGE.toUpperCase()))],
  ]
  const { code, tools } = await run(rules, { PATCHTRAIL_DATA_STORAGE_ID: DATA_STORAGE })
  expect(code).toBe(0)
  expect(tools.callsWith('roleAssignments')).toHaveLength(2)
})

test('many tenants need the queue as well, and a role on the group counts', () => {
  const group = `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg`
  const wanted = wantedRoles({ ...OUTPUTS, DEFENDER_CLIENT_ID: REGISTRATION })
  const held = [BLOB, TABLE].map((roleId) => ({ roleId, scope: group, createdMs: NOW - AGE }))
  expect(judgeRoles(wanted, held, NOW).missing.map(({ id }) => id)).toEqual([QUEUE])
  expect(
    judgeRoles(wanted, [...held, { roleId: QUEUE, scope: HOST_STORAGE.slice(0, -1).toLowerCase(), createdMs: 0 }], NOW).missing,
  ).toHaveLength(1)
})

test.each([
  ['no role yet', [], 0],
  ['a clock behind that of Azure', [-10 * HOUR], 180_000],
  ['a time that cannot be read', [NaN], 0],
  ['the same role twice: since the first', [AGE, 0], 0],
])('%s', (_, ages, waitMs) => {
  const wanted = [{ name: 'Blob', id: BLOB, account: '/a' }]
  const held = ages.map((age) => ({ roleId: BLOB, scope: '/a', createdMs: NOW - age }))
  expect(judgeRoles(wanted, held, NOW).waitMs).toBe(waitMs)
})

test.each([
  [0, 'This is the first deployment', 180],
  [31, 'deployed before', 0],
])('who may not read assignments waits only before the first deployment: %i functions', async (count, sentence, waits) => {
  const { code, said, waited } = await run([[ON_HOST, noRightInAzure], functions(count)])
  expect(code).toBe(0)
  expect(said).toContain('could not be read: The client does not have authorization')
  expect(said).toContain(sentence)
  expect(waited).toBe(waits)
})

test('without az it waits, as it cannot know', async () => {
  const { code, said, waited } = await run([], { PATH: '/nowhere' })
  expect(code).toBe(0)
  expect(said).toContain('Whether this is the first deployment could not be read either')
  expect(waited).toBe(180)
})

test('a busy Azure is asked again', async () => {
  const all = list(assignment(BLOB, HOST_STORAGE), assignment(TABLE, HOST_STORAGE))
  expect(await run([[ON_HOST, throttled, all]])).toMatchObject({ code: 0, waited: 5 })
})
