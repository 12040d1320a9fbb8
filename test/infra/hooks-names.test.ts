import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { wantedRoles } from '../../infra/hooks/storage-roles.mjs'
import { HOOK_SWITCHES } from '../../infra/hooks/values.mjs'
import { OUTPUTS, REGISTRATION } from './azure-answers.ts'

const infra = new URL('../../infra/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, infra), 'utf8')
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name)

const hooks = readdirSync(new URL('hooks/', infra)).map((name) => read(`hooks/${name}`))
const template = found(read('main.bicep'), /^output (\w+) /gm)
const parameters = found(read('main.bicepparam'), /readEnvironmentVariable\('(\w+)'/g)

test('what the hooks read of azd is an output of the template or a variable that it takes', () => {
  const asked = new Set(hooks.flatMap((text) => found(text, /\b((?:PATCHTRAIL|DEFENDER)_[A-Z_]+)\b/g)))
  const known = [...template, ...parameters, ...HOOK_SWITCHES]
  expect(asked.size).toBeGreaterThan(8)
  expect([...asked].filter((name) => !known.includes(name))).toEqual([])
})

test('no hook sends anybody to azd provision as it is, which may do nothing', () => {
  const sentences = hooks.flatMap((text) => found(text, /^(?!\/\/)(.*azd provision.*)$/gm))
  expect(sentences.length).toBeGreaterThan(0)
  expect(sentences.filter((line) => !line.includes('azd provision --no-state'))).toEqual([])
})

test('the tests play the outputs that the template has', () => {
  expect(Object.keys(OUTPUTS).filter((name) => name.startsWith('PATCHTRAIL_') && !template.includes(name))).toEqual([])
})

test('the roles that are waited for are those that the template assigns', () => {
  const ids = found(read('modules/roles.bicep'), /'([0-9a-f-]{36})'/g)
  const wanted = wantedRoles({ ...OUTPUTS, DEFENDER_CLIENT_ID: REGISTRATION }).map(({ id }) => id)
  expect(wanted).toHaveLength(3)
  expect(wanted.filter((id) => !ids.includes(id))).toEqual([])
})
