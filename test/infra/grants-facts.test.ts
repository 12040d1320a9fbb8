import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { anyOf, facts } from '../../infra/hooks/facts.mjs'
import { cloudNames, clouds } from '../../src/defender/clouds.ts'

const file = (name: string) => readFileSync(new URL(`../../infra/grants/${name}`, import.meta.url), 'utf8')
const SCRIPTS = ['grant.sh', 'grant.ps1', 'register.sh', 'register.ps1']
const all = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([found]) => found))].sort()

test('the clouds are those of the program, with its authorities and audiences', () => {
  expect(Object.keys(facts.clouds)).toEqual([...cloudNames])
  for (const name of cloudNames) {
    const { authorityUrl, assertionAudience } = clouds[name]
    expect(facts.clouds[name]).toEqual({
      authorityUrl,
      assertionAudience,
      azureCloud: authorityUrl.endsWith('.us') ? 'AzureUSGovernment' : 'AzureCloud',
    })
  }
})

test('the documentation names the same', () => {
  const docs = ['deploy.md', 'tenants.md'].map((name) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')).join('\n')
  const named = docs.replaceAll('*', '')
  for (const name of [...facts.appRoles, facts.resourceAppId, facts.resourceName, anyOf(facts.grantingRoles)]) expect(named).toContain(name)
})

describe.each(SCRIPTS)('%s', (name) => {
  const text = file(name)

  test('names the resource and the roles of the facts, and no other id', () => {
    expect(all(text, /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g)).toEqual([facts.resourceAppId])
    expect(text.match(/^\s*\$?roles ?= ?.*$/im)?.[0].match(/\w+\.Read\.All/g)).toEqual(facts.appRoles)
    expect(text).toContain(facts.resourceName)
  })

  test('asks the same of Graph as its twin', () => {
    const paths = /\/v1\.0\/[\w/?$'= {}\\`]*/g
    const plain = (script: string) =>
      all(
        script
          .replace(/[`\\]\$/g, '$')
          .replace(/\$(principal|PrincipalId)\b/g, '$id')
          .replace(/\$(RESOURCE|resourceAppId)\b/g, '$app'),
        paths,
      )
    const twin = file(name.endsWith('.sh') ? name.replace('.sh', '.ps1') : name.replace('.ps1', '.sh'))
    expect(plain(text)).toEqual(plain(twin))
    expect(plain(text)).toContain("/v1.0/servicePrincipals?$filter=appId eq '$app'")
  })

  test('is plain ASCII, which Windows PowerShell reads in any encoding', () => {
    // eslint-disable-next-line no-control-regex
    expect(text).toMatch(/^[\u0000-\u007f]*$/)
  })
})

test.each(['grant.sh', 'grant.ps1'])('%s names who may grant', (name) => {
  expect(file(name)).toContain(anyOf(facts.grantingRoles))
})

test.each(['register.sh', 'register.ps1'])('%s has the audience of each authority', (name) => {
  const pairs = all(file(name), /https:\/\/login\.microsoftonline\.\w+\W+(audience=)?api:\/\/\w+/g).map((pair) =>
    pair.split(/[^\w:/.]+(?:audience=)?/),
  )
  const wanted = Object.values(clouds).map(({ authorityUrl, assertionAudience }) => [authorityUrl, assertionAudience])
  expect(new Set(pairs.map(String))).toEqual(new Set(wanted.map(String)))
})

test('twins wait alike', () => {
  for (const [sh, ps1] of [
    ['grant.sh', 'grant.ps1'],
    ['register.sh', 'register.ps1'],
  ]) {
    const shell = /for pause in ([\d ]+) last;/.exec(file(sh ?? ''))?.[1]?.split(' ')
    const power = /foreach \(\$pause in ([\d, ]+), 0\)/.exec(file(ps1 ?? ''))?.[1]?.split(', ')
    expect(shell).toBeDefined()
    expect(shell).toEqual(power)
  }
})

test('the Bicep takes its facts from the same file, and says that it was never compiled', () => {
  const bicep = file('main.bicep')
  expect(bicep.match(/loadJsonContent\('facts\.json'/g)).toHaveLength(2)
  expect(all(bicep, /[0-9a-f]{8}-[0-9a-f]{4}/g)).toEqual([])
  expect(bicep.split('\n')[0]).toMatch(/NEVER COMPILED HERE/)
  expect(JSON.parse(file('bicepconfig.json'))).toEqual({
    extensions: { microsoftGraphV1: 'br:mcr.microsoft.com/bicep/extensions/microsoftgraph/v1.0:1.0.0' },
  })
})
