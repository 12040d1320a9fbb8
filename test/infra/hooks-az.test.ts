import { expect, test } from 'vitest'
import { reasonOf, retryAfterMs, shortOf } from '../../infra/hooks/az-reason.mjs'
import { azCommand, createAz } from '../../infra/hooks/az.mjs'
import { windowsCommand } from '../../infra/hooks/windows-command.mjs'

const WBIN = 'C:\\Program Files\\Azure CLI\\wbin'

test('on Windows az.cmd is started by cmd.exe, with every argument in quotes', () => {
  const command = azCommand(
    ['rest', '--url', "/x?a=1&$filter=p eq 'y'"],
    { Path: `C:\\Windows;${WBIN}\\`, ComSpec: 'C:\\cmd.exe' },
    'win32',
    (path) => path === `${WBIN}\\az.cmd`,
  )
  expect(command).toEqual({
    file: 'C:\\cmd.exe',
    args: ['/d', '/v:off', '/s', '/c', `""${WBIN}\\az.cmd" "rest" "--url" "/x?a=1&$filter=p eq 'y'""`],
    verbatim: true,
  })
})

test('on Windows az.exe is started without a shell', () => {
  const command = azCommand(['version'], { PATH: WBIN }, 'win32', () => true)
  expect(command).toEqual({ file: `${WBIN}\\az.exe`, args: ['version'], verbatim: false })
})

test.each(['say "x"', '%PATH%', 'two\nlines', 'C:\\folder\\'])('what cmd.exe would change is refused: %j', (text) => {
  expect(() => windowsCommand('C:\\az.cmd', [text])).toThrow('cannot be passed to az on Windows')
})

test('elsewhere az is started as it is, and where there is none that is said', async () => {
  expect(azCommand(['version'], { PATH: '/a:/b' }, 'linux', (path) => path === '/b/az')).toEqual({
    file: '/b/az',
    args: ['version'],
    verbatim: false,
  })
  expect(await createAz({ PATH: '/nowhere' }, 'linux')(['version'])).toMatchObject({ ok: false, reason: 'missing' })
})

test.each([
  ['ERROR: Forbidden({"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges"}})', 'forbidden'],
  ['ERROR: (AuthorizationFailed) The client does not have authorization', 'forbidden'],
  ['ERROR: Not Found({"error":{"code":"Request_ResourceNotFound"}})', 'notFound'],
  ["ERROR: (ResourceGroupNotFound) Resource group 'rg' could not be found.", 'notFound'],
  ['ERROR: Bad Request({"error":{"message":"Permission being assigned already exists on the object"}})', 'exists'],
  ['ERROR: Bad Request({"error":{"message":"Not a valid reference update."}})', 'badRequest'],
  ['ERROR: AADSTS700082: The refresh token has expired. Run the command below to authenticate interactively: az login', 'signedOut'],
  ['ERROR: Too Many Requests({"error":{"code":"TooManyRequests"}})', 'throttled'],
  ['ERROR: Service Unavailable({"status":"starting"})', 'unavailable'],
  ['ERROR: unrecognized arguments: --zone-redundant=true', 'other'],
])('%s is %s', (text, reason) => expect(reasonOf(text)).toBe(reason))

test('a wait is followed where the text names one', () => {
  expect(retryAfterMs("'Retry-After': '17'")).toBe(17_000)
  expect(retryAfterMs('Too Many Requests')).toBeUndefined()
})

test('of many words of az the message is told, in one line', () => {
  expect(shortOf('WARNING: x\nERROR: Forbidden({"error":{"message":"No\\r\\n right \\"here\\""}})')).toBe('No right \\"here\\"')
  expect(shortOf('ERROR: Please run\n  az login')).toBe('Please run az login')
})
