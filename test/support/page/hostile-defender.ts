import { createServer } from 'node:http'
import { listenOnLoopback } from '../../../dev/loopback.ts'
import type { Simulator } from '../../../dev/simulator/index.ts'

/** Names that would do harm where they were taken for more than text. */
export const HOSTILE_NAMES = [
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(2)</script>',
  '"><svg onload=alert(3)>',
  "' onmouseover='alert(4)",
  '{{constructor.constructor("alert(5)")()}}',
  'javascript:alert(6)',
  '\u202Emoc.osotnoc\u202C.evil',
  'x'.repeat(1_000),
  '🧨💥 Größe № 7',
  '../../../etc/passwd%2F..%00?code=1#',
  '&lt;b data-evil&gt;<b data-evil>',
] as const

interface Listed {
  value: Record<string, unknown>[]
}

/** A Defender whose machines, groups, KBs and products have such names, in front of the simulated one. The caller closes it. */
export async function startHostileDefender(simulator: Simulator): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    void fetch(simulator.url + (request.url ?? ''), { headers: { authorization: request.headers.authorization ?? '' } })
      .then(async (answer) => {
        const text = await answer.text()
        response.writeHead(answer.status, { 'content-type': 'application/json' })
        response.end(answer.ok ? JSON.stringify(renamed(JSON.parse(text) as Listed)) : text)
      })
      .catch(() => response.destroy())
  })
  const url = await listenOnLoopback(server, 0)
  return { url, close: () => server.close() }
}

function renamed(listed: Listed): Listed {
  return {
    ...listed,
    value: listed.value.map((row, index) => ('computerDnsName' in row ? hostileMachine(row, index) : hostileKb(row, index))),
  }
}

/** Whether the machine at that place of the listing has an empty name. */
export const hasEmptyName = (index: number): boolean => index % 4 === 3

const nameAt = (index: number) => HOSTILE_NAMES[index % HOSTILE_NAMES.length]

const hostileMachine = (row: Record<string, unknown>, index: number) => ({
  ...row,
  computerDnsName: hasEmptyName(index) ? '' : nameAt(index),
  rbacGroupName: nameAt(index + 3),
  version: nameAt(index + 5),
})

const hostileKb = (row: Record<string, unknown>, index: number) => ({
  ...row,
  name: nameAt(index),
  productsNames: [nameAt(index + 1), nameAt(index + 2)],
  url: 'javascript:alert(7)',
})
