import { expect, test } from 'vitest'
import { predown } from '../../infra/hooks/predown.mjs'
import { DATA_STORAGE, OUTPUTS } from './azure-answers.ts'
import { fakeWorld } from './fake-az.ts'

const ELSEWHERE = DATA_STORAGE.replace('/resourceGroups/rg/', '/resourceGroups/data/')

async function run(env: Record<string, string> = {}) {
  const { world, tools, said } = fakeWorld([], { ...OUTPUTS, ...env })
  const code = await predown(world)
  expect(tools.calls()).toEqual([])
  return { code, said: said() }
}

test('the history in the group: it refuses, and says what would go and how to say yes', async () => {
  const { code, said } = await run()
  expect(code).toBe(1)
  expect(said).toContain('STOP  azd down deletes the resource group rg and all that is in it, with it the storage account sthost')
  expect(said).toContain('azd env set PATCHTRAIL_DELETE_HISTORY true, then azd down')
})

test.each([
  ['an account of its own in the same group', { PATCHTRAIL_DATA_STORAGE_ID: DATA_STORAGE.replace('/rg/', '/RG/') }, 'account stdata'],
  ['a switch that is not on', { PATCHTRAIL_DELETE_HISTORY: 'false' }, 'account sthost'],
  ['a switch written otherwise', { PATCHTRAIL_DELETE_HISTORY: '1' }, 'account sthost'],
  ['no outputs', { PATCHTRAIL_DATA_STORAGE_ID: '' }, 'has no PATCHTRAIL_DATA_STORAGE_ID'],
  ['what is no id', { PATCHTRAIL_DATA_STORAGE_ID: '/x' }, 'has no PATCHTRAIL_DATA_STORAGE_ID'],
  [
    'a group that is not known',
    { AZURE_RESOURCE_GROUP: '', PATCHTRAIL_DATA_STORAGE_ID: ELSEWHERE },
    'the resource group of this environment',
  ],
])('%s: it refuses as well', async (_, env, sentence) => {
  const { code, said } = await run(env)
  expect(code).toBe(1)
  expect(said).toContain(sentence)
})

test('with the word for it, it goes on and says what goes', async () => {
  const { code, said } = await run({ PATCHTRAIL_DELETE_HISTORY: 'true' })
  expect(code).toBe(0)
  expect(said).toContain('the storage account sthost, which keeps the history of all snapshots. Nothing brings it back.')
})

test('a history in another group stays, and nothing has to be said', async () => {
  const { code, said } = await run({ PATCHTRAIL_DATA_STORAGE_ID: ELSEWHERE })
  expect(code).toBe(0)
  expect(said).toBe('The history stays: it is in the storage account stdata of the resource group data. rg is deleted.')
})
