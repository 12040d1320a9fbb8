import { expect, test } from 'vitest'
import { requireSignIn } from '../../../dev/start/require-sign-in.ts'
import { UserError } from '../../../dev/start/session.ts'

const TENANT = '11111111-2222-3333-4444-555555555555'

test('whoever is not signed in is told what az says, and what to do', async () => {
  const getToken = () => Promise.reject(new Error('AzureCliCredential: Please run az login from a command prompt'))
  const refused = requireSignIn({ getToken }, 'https://api/.default', TENANT)
  await expect(refused).rejects.toThrow(UserError)
  await expect(refused).rejects.toThrow(/Please run az login from a command prompt[^]*az login --tenant 11111111/)
})

test('whoever is goes on', async () => {
  await requireSignIn({ getToken: async () => ({ token: 't', expiresOnTimestamp: 1 }) }, 'https://api/.default', TENANT)
})
