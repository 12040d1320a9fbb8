import { expect, test } from 'vitest'
import { isProductOfTenant, productOfMachine, type TenantProduct } from '../../src/domain/index.ts'

const has = (product: TenantProduct) => (name: string) => isProductOfTenant(name, product)

test('a version of Windows is told by its build, else by its version, else it is any', () => {
  const names = ['Windows 11 Version 23H2 for x64-based Systems', 'Windows 11 version 24H2 for ARM64-based Systems ']
  expect(names.map(has({ product: 'windows_11', osBuild: '22631' }))).toEqual([true, false])
  expect(names.map(has({ product: 'windows_11', osBuild: '10.0.26100.7462', version: '23H2' }))).toEqual([false, true])
  expect(names.map(has({ product: 'windows_11', version: '24h2' }))).toEqual([false, true])
  expect(names.map(has({ product: 'windows_11' }))).toEqual([true, true])
  expect(names.map(has({ product: 'windows_11', osBuild: '99999' }))).toEqual([true, true])
})

test('names that begin alike are told apart', () => {
  const servers = [
    'Windows Server 2012',
    'Windows Server 2012 R2 (Server Core installation)',
    'Windows Server 2022',
    'Windows Server 2022, 23H2 Edition (Server Core installation)',
    'Windows Server 2022 Datacenter: Azure Edition (Hotpatch)',
  ]
  expect(servers.map(has({ product: 'windows_server_2012' }))).toEqual([true, false, false, false, false])
  expect(servers.map(has({ product: 'windows_server_2012_r2' }))).toEqual([false, true, false, false, false])
  expect(servers.map(has({ product: 'windows_server_2022', osBuild: '20348' }))).toEqual([false, false, true, false, true])
  expect(servers.map(has({ product: 'windows_server_2022', osBuild: '25398' }))).toEqual([false, false, false, true, false])
  expect(has({ product: 'windows_10', version: '1507' })('Windows 10 for 32-bit Systems')).toBe(true)
  expect(has({ product: 'windows_10', version: '1507' })('Windows 10 Version 1607 for 32-bit Systems')).toBe(false)
})

test('what runs on a version of Windows is of a tenant that has it', () => {
  const name = 'Microsoft .NET Framework 4.8 on Windows 10 Version 1607 for x64-based Systems'
  expect(has({ product: 'windows_10', version: '1607' })(name)).toBe(true)
  expect(has({ product: 'windows_10', version: '22H2' })(name)).toBe(false)
  expect(has({ product: '.net_framework' })(name)).toBe(true)
})

test('other products are told by their words', () => {
  expect(has({ product: 'office' })('Microsoft Excel 2016 (64-bit edition)')).toBe(true)
  expect(has({ product: 'office' })('Microsoft SharePoint Enterprise Server 2016')).toBe(false)
  expect(has({ product: 'sharepoint_server' })('Microsoft SharePoint Enterprise Server 2016')).toBe(true)
  expect(has({ product: 'sql_server' })('Microsoft SQL Server 2022 for x64-based Systems (GDR)')).toBe(true)
})

test('the product of a machine is told from its platform', () => {
  const of = (osPlatform: string) => productOfMachine({ osPlatform, version: '21H2' })?.product
  expect(['Windows11', 'WindowsServer2022', 'WindowsServer2012R2', 'WindowsServer2008R2'].map(of)).toEqual([
    ...['windows_11', 'windows_server_2022', 'windows_server_2012_r2', 'windows_server_2008_r2'],
  ])
  expect(productOfMachine({ osPlatform: null, version: null })).toBeNull()
})
