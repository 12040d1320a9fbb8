import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { preprovision } from '../../infra/hooks/preprovision.mjs'
import { checkValues, LISTS, RANGES } from '../../infra/hooks/values.mjs'
import { OUTPUTS, signedIn } from './azure-answers.ts'
import { fails, fakeWorld, type Rule, says } from './fake-az.ts'

interface Parameter {
  allowedValues?: (string | number)[]
  minValue?: number
  maxValue?: number
}
const { parameters } = JSON.parse(readFileSync(new URL('../../infra/azuredeploy.json', import.meta.url), 'utf8')) as {
  parameters: Record<string, Parameter>
}
/** Which parameter of the template each variable becomes: infra/main.bicepparam. */
const PARAMETER_OF: Record<string, string> = {
  DEFENDER_CLOUD: 'cloud',
  PATCHTRAIL_INSTANCE_MEMORY_MB: 'instanceMemoryMB',
  PATCHTRAIL_NODE_VERSION: 'nodeVersion',
  PATCHTRAIL_STORAGE_SKU: 'storageSku',
  PATCHTRAIL_MAXIMUM_INSTANCE_COUNT: 'maximumInstanceCount',
  PATCHTRAIL_LEAST_COVERAGE_PERCENT: 'leastCoveragePercent',
}

test('the lists and ranges are those of the template, and none of the template is forgotten', () => {
  for (const [name, values] of Object.entries(LISTS)) {
    const allowed = parameters[PARAMETER_OF[name] ?? '']?.allowedValues?.map(String).filter((value) => value !== '')
    expect(allowed?.sort(), name).toEqual([...values].sort())
  }
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    expect(parameters[PARAMETER_OF[name] ?? ''], name).toMatchObject({ minValue: least, maxValue: most })
  }
  const limited = Object.entries(parameters).filter(([, { allowedValues, maxValue }]) => allowedValues ?? maxValue)
  expect(limited.map(([name]) => name).sort()).toEqual(Object.values(PARAMETER_OF).sort())
})

test.each([
  ['PATCHTRAIL_INSTANCE_MEMORY_MB', '1024', '512, 2048 or 4096'],
  ['PATCHTRAIL_NODE_VERSION', '20', '22 or 24'],
  ['PATCHTRAIL_STORAGE_SKU', 'standard_lrs', 'Standard_LRS, Standard_ZRS, Standard_GRS or Standard_GZRS'],
  ['DEFENDER_CLOUD', 'usgov', 'commercial, gcc, gcchigh or dod'],
  ['PATCHTRAIL_MAXIMUM_INSTANCE_COUNT', '0', '1 to 1000'],
  ['PATCHTRAIL_MAXIMUM_INSTANCE_COUNT', '1001', '1 to 1000'],
  ['PATCHTRAIL_MAXIMUM_INSTANCE_COUNT', '4e1', '1 to 1000'],
  ['PATCHTRAIL_LEAST_COVERAGE_PERCENT', '101', '1 to 100'],
  ['PATCHTRAIL_LEAST_COVERAGE_PERCENT', '95%', '1 to 100'],
  ['PATCHTRAIL_ALERT_EMAILS', 'a@x.org;b@x.org', 'addresses between commas, without spaces or semicolons'],
  ['PATCHTRAIL_ALERT_EMAILS', 'a@x.org, b@x.org', 'addresses between commas, without spaces or semicolons'],
  ['PATCHTRAIL_ALERT_EMAILS', 'nobody', 'addresses between commas, without spaces or semicolons'],
  ['PATCHTRAIL_PRIVATE_NETWORK', '1', 'true or false'],
  ['PATCHTRAIL_ZONE_REDUNDANT', 'True', 'true or false'],
  ['PATCHTRAIL_AVAILABILITY_TEST', 'yes', 'true or false'],
  ['PATCHTRAIL_GRANT', 'no', 'true or false'],
])('%s=%s is refused, with what is taken', (name, value, taken) => {
  const [finding, ...others] = checkValues({ [name]: value })
  expect(others).toEqual([])
  expect(finding).toMatchObject({ stops: true })
  expect(finding?.text).toContain(`${name} is `)
  expect(finding?.text).toContain(value)
  expect(finding?.text).toContain(`taken are: ${taken}.`)
})

test('what the template takes is not refused', () => {
  const empty = Object.fromEntries([...Object.keys(PARAMETER_OF), 'PATCHTRAIL_ALERT_EMAILS', 'PATCHTRAIL_GRANT'].map((name) => [name, '']))
  const fine = {
    ...Object.fromEntries(Object.entries(LISTS).map(([name, values]) => [name, values.at(-1)])),
    PATCHTRAIL_MAXIMUM_INSTANCE_COUNT: '1000',
    PATCHTRAIL_LEAST_COVERAGE_PERCENT: '1',
    PATCHTRAIL_ALERT_EMAILS: 'a@x.org,b.c@y.example.org,',
    PATCHTRAIL_PRIVATE_NETWORK: 'true',
    PATCHTRAIL_ZONE_REDUNDANT: 'false',
  }
  expect([checkValues({}), checkValues(empty), checkValues(fine)]).toEqual([[], [], []])
})

test('a value is refused also where az is not signed in', async () => {
  const { world, said } = fakeWorld([['account show', fails("Please run 'az login' to setup account.")]], { PATCHTRAIL_NODE_VERSION: '18' })
  expect(await preprovision(world)).toBe(1)
  expect(said()).toContain('STOP  PATCHTRAIL_NODE_VERSION is 18; taken are: 22 or 24.')
  expect(said()).toContain('Mend these')
})

const at = (location: string, ...restrictions: object[]) => ({ locations: [location], restrictions })
const restricted = { type: 'Location', values: ['westeurope'], reasonCode: 'NotAvailableForSubscription' }
test.each([
  ['there', 'Standard_ZRS', [at('northeurope'), at('westEurope')], '      Storage: westeurope has Standard_ZRS.'],
  [
    'not there',
    'Standard_ZRS',
    [at('northeurope')],
    'STOP  westeurope has no storage of the kind Standard_ZRS. Take another: azd env set PATCHTRAIL_STORAGE_SKU Standard_LRS; or azd env set AZURE_LOCATION',
  ],
  ['not for the subscription', 'Standard_ZRS', [at('westeurope', restricted)], 'of the kind Standard_ZRS for this subscription.'],
  ['restricted elsewhere', 'Standard_ZRS', [at('westeurope', { ...restricted, values: ['x'] })], 'Storage: westeurope has'],
  ['another, not there', 'Standard_LRS', [at('x')], 'kind Standard_LRS. Take another: azd env set AZURE_LOCATION <region>'],
  ['nowhere', 'Standard_GZRS', [], 'Not checked: whether westeurope has storage of the kind Standard_GZRS.'],
])('the redundancy of the storage: %s', async (_, sku, answer, sentence) => {
  const rules: Rule[] = [
    signedIn,
    ['storage sku list', says(answer)],
    ['list-flexconsumption-locations', says(['westeurope'])],
    ['', says('')],
  ]
  const { world, tools, said } = fakeWorld(rules, { ...OUTPUTS, ...(sku === 'Standard_ZRS' ? {} : { PATCHTRAIL_STORAGE_SKU: sku }) })
  expect(await preprovision(world)).toBe(sentence.includes('Take another') || sentence.includes('for this sub') ? 1 : 0)
  expect(said()).toContain(sentence)
  expect(said()).toContain('Region: westeurope has Flex Consumption.')
  expect(tools.callsWith('storage sku list', `[?name=='${sku}' && kind=='StorageV2']`)).toHaveLength(1)
})
