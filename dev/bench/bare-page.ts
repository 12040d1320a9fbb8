import { createServer } from 'node:http'
import { listenOnLoopback } from '../loopback.ts'

/** What a page consists of: bytes of its parts, and the data that it asks for. */
export interface Parts {
  shell: number
  style: number
  script: number
  data: string
}

export interface BarePage {
  url: string
  close: () => void
}

/** As many bytes in as many requests as the page's, of which a line of text is made: the least that a browser can take for them. */
export async function startBarePage({ shell, style, script, data }: Parts): Promise<BarePage> {
  const files: Record<string, { type: string; body: string; isKept: boolean }> = {
    '/': { type: 'text/html; charset=utf-8', body: padded(SHELL, shell, ['<!--', '-->']), isKept: false },
    '/style.css': { type: 'text/css', body: padded('h1 { margin: 0 }', style, ['/*', '*/']), isKept: true },
    '/page.js': { type: 'text/javascript', body: padded(SCRIPT, script, ['/*', '*/']), isKept: true },
    '/data/overview': { type: 'application/json', body: data, isKept: false },
  }
  const server = createServer(({ url = '' }, response) => {
    const file = files[new URL(url, 'http://page').pathname]
    if (!file) return response.writeHead(404).end()
    const { type, body, isKept } = file
    response
      .writeHead(200, { 'content-type': type, 'cache-control': isKept ? 'public, max-age=31536000, immutable' : 'no-store' })
      .end(body)
  })
  const url = await listenOnLoopback(server, 0)
  return { url: `${url}/`, close: () => server.close() }
}

/** The page's first words, so that both paint the same first. */
const SHELL = `<!doctype html><link rel="icon" href="data:," /><link rel="stylesheet" href="style.css" /><script type="module" src="page.js"></script><p>patchtrail</p>`
const SCRIPT = `const json = await (await fetch('data/overview')).json()
document.body.innerHTML = '<h1>' + JSON.stringify(json.asOf) + '</h1>'
`

const padded = (text: string, bytes: number, [from, to]: readonly [string, string]) =>
  `${text}${from}${' '.repeat(Math.max(0, bytes - text.length - from.length - to.length))}${to}`
