// @ts-check
// `npm run screenshots`: the picture of README, taken in a real browser from the simulated fleet of `npm start`.
import { spawn } from 'node:child_process'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { BROWSER_ARGUMENTS, findBrowser } from './page/find-browser.mjs'
import { ensureInstalled } from './install.mjs'
import { requireSupportedNode } from './node-version.mjs'
import { root } from './run-step.mjs'

requireSupportedNode()
ensureInstalled()

const PICTURE = join(root, 'docs/images/overview.png')
/** README is read over slow lines too. */
const MOST_BYTES = 200_000

/** The page's address, once the demo serves all its weeks. */
async function startDemo() {
  const demo = spawn(process.execPath, [join(root, 'dev/start.mjs'), '--port', '0'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let told = ''
  // Read to its end: a pipe that nobody reads ends the demo.
  await new Promise((resolve, reject) => {
    demo.stdout.setEncoding('utf8').on('data', (text) => {
      told += text
      if (told.includes('Serving until')) resolve(undefined)
    })
    demo.once('exit', () => reject(new Error(`The demo ended:\n${told}`)))
  })
  const address = /http:\/\/127\.0\.0\.1:\d+\/api(?=[\s/])/.exec(told)?.[0]
  if (address === undefined) throw new Error(`The demo told no address:\n${told}`)
  return { page: `${address}/page/`, stop: () => demo.kill('SIGINT') }
}

const executablePath = findBrowser()
if (executablePath === undefined) throw new Error('There is no Chromium: PATCHTRAIL_BROWSER may name one.')
const { chromium } = await import('playwright-core')
const demo = await startDemo()
const browser = await chromium.launch({ executablePath, args: [...BROWSER_ARGUMENTS] })
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
  await page.goto(demo.page, { waitUntil: 'networkidle' })
  mkdirSync(join(root, 'docs/images'), { recursive: true })
  await page.screenshot({ path: PICTURE })
} finally {
  await browser.close()
  demo.stop()
}
const { size } = statSync(PICTURE)
console.log(`docs/images/overview.png: ${Math.ceil(size / 1000)} KB`)
if (size > MOST_BYTES) throw new Error(`It has ${size} bytes, of at most ${MOST_BYTES}.`)
