import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isolatedEnvironment, replaceEnvironment, tenantEnvironment } from '../../../dev/start/app-environment.ts'
import { settingNames } from '../../../src/config/index.ts'

const credentials = [
  'AZURE_CLIENT_ID',
  'AZURE_CLIENT_SECRET',
  'AZURE_TENANT_ID',
  'AZURE_FEDERATED_TOKEN_FILE',
  'IDENTITY_ENDPOINT',
  'IDENTITY_HEADER',
  'MSI_ENDPOINT',
  'MSI_SECRET',
  'IDENTITY_SERVER_THUMBPRINT',
  'AZURE_POD_IDENTITY_AUTHORITY_HOST',
]

test('the demo sees no setting and no credential of the shell', () => {
  const shell = Object.fromEntries(
    [...settingNames, ...credentials, 'AZURITE_ACCOUNTS', 'azure_client_id'].map((name) => [name, 'of the person']),
  )
  const environment = isolatedEnvironment({ ...shell, PATH: '/bin', HOME: '/home/me' }, { DEFENDER_TENANT_ID: 'given' })
  expect(environment).toEqual({
    PATH: '/bin',
    HOME: '/home/me',
    DEFENDER_TENANT_ID: 'given',
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  })
})

test('a proxy of the shell stays, but not for this machine', () => {
  const environment = isolatedEnvironment({ HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: '.corp' }, {})
  expect(environment).toMatchObject({ HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: '.corp,127.0.0.1,localhost' })
})

const given = { tenantId: 'the-tenant', connectionString: 'UseDevelopmentStorage=true' }

test('a real tenant is read with the settings of the shell, then with those of local.settings.json', () => {
  const shell = { DEFENDER_CLOUD: 'gcc', SYNC_CALLS_PER_HOUR: ' ', AZURE_CLIENT_ID: 'app', STORAGE_TABLES_URL: 'https://elsewhere' }
  const local = { DEFENDER_CLOUD: 'dod', SYNC_CALLS_PER_HOUR: '900', DEFENDER_TENANT_ID: 'another', STORAGE_CONNECTION_STRING: 'elsewhere' }
  const environment = tenantEnvironment(shell, local, given)
  expect(environment).toMatchObject({
    DEFENDER_CLOUD: 'gcc',
    SYNC_CALLS_PER_HOUR: '900',
    AZURE_CLIENT_ID: 'app',
    DEFENDER_TENANT_ID: 'the-tenant',
    STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
  })
  expect(environment).not.toHaveProperty('STORAGE_TABLES_URL')
})

test('an environment is replaced by exactly what is wanted', () => {
  // A real environment takes this name like any other; the plain object that stands in for one does not.
  const name = fc.string({ minLength: 1 }).filter((text) => text !== '__proto__')
  const values = fc.dictionary(name, fc.string())
  fc.assert(
    fc.property(values, values, (before, wanted) => {
      const target = { ...before }
      replaceEnvironment(target, { ...wanted, 'left out': undefined })
      expect(target).toEqual(wanted)
    }),
  )
})
