import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { serving } from './serving.ts'

const state = serving('./fixture-app.ts')

/** What the server sends back to these bytes, up to where it ends the connection. */
async function answerTo(lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(state.url)
  const socket = connect(Number(port), hostname)
  socket.write([...lines, 'Connection: close', '', ''].join('\r\n'), 'latin1')
  return text(socket)
}

test.each([
  ['/api/files/a', 'a b'],
  ['/api/files/a', 'a/b'],
  ['/api/files/a', 'host?x'],
  ['/api/files/a', 'host#x'],
  ['/api/files/a', 'user@host'],
  ['/api/files/a', 'host:99999'],
  ['/api/files/a', '[::1'],
  ['/api/files/a', 'a\\b'],
  ['/api/files/a', '%'],
  ['*', 'localhost'],
  ['api/files/a', 'localhost'],
  ['http://', 'localhost'],
  ['http://a b/', 'localhost'],
])('a request for %s at the host "%s" is a 400', async (target, host) => {
  const answer = await answerTo([`GET ${target} HTTP/1.1`, `Host: ${host}`])
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
})

test('what makes no address is told in a problem', async () => {
  const answer = await answerTo(['GET /api/files/a HTTP/1.1', 'Host: a b'])
  expect(answer).toContain('content-type: application/problem+json')
  expect(answer).toContain('"status":400')
})

test.each([
  ['/api/files/a', ['Host: localhost:1']],
  ['/api/files/a', ['Host: [::1]:7071']],
  ['/api/files/a', ['Host:']],
  ['http://elsewhere.example/api/files/a', ['Host: localhost']],
])('a request for %s with %j is answered', async (target, headers) => {
  const answer = await answerTo([`GET ${target} HTTP/1.1`, ...headers])
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  expect(answer).toContain('{"path":"a"}')
})

test('a request without a host, as HTTP/1.0 has it, is answered', async () => {
  expect(await answerTo(['GET /api/files/a HTTP/1.0'])).toMatch(/^HTTP\/1\.1 200 /)
})
