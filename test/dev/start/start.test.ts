import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { isRunning, spawnStart } from './start-process.ts'

// The children build dist/ one after another; no other test file reads it.
const timeout = 180_000

/** What would lead the app astray, were it to reach it. */
const shell = {
  DEFENDER_API_URL: 'http://127.0.0.1:1',
  DEFENDER_SCOPE: 'https://example.com/.default',
  AZURE_CLIENT_ID: 'of-the-person',
  AZURE_CLIENT_SECRET: 's3cret',
  IDENTITY_ENDPOINT: 'http://127.0.0.1:1',
  STORAGE_CONNECTION_STRING: 'nonsense',
  SYNC_CALLS_PER_MINUTE: 'many',
  TABLE_PREFIX: '!',
  PAGE_SIGN_IN: 'off',
  NO_COLOR: '1',
}

/** What README shows of it: shortened, so every line is somewhere below the one before. */
function sampleOfReadme(): string[] {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
  const [, sample = ''] = /^This is what `npm start` prints.*\n\n```\n([^`]+)```$/m.exec(readme) ?? []
  return sample.split('\n').filter((line) => line.trim() !== '' && line.trim() !== '…')
}

test('npm start -- --once shows what README says, whatever the shell holds, and ends', { timeout }, async () => {
  const run = spawnStart(['--once'], shell)
  expect(await run.exited, run.output).toBe(0)
  expect(run.output).toMatch(/300 simulated machines, 8 weekly snapshots/)
  const sample = sampleOfReadme()
  expect(sample.length).toBeGreaterThan(15)
  let lines = run.output.split('\n')
  for (const line of sample) {
    expect(lines, `${line}\n is not what is printed:\n${run.output}`).toContain(line)
    lines = lines.slice(lines.indexOf(line) + 1)
  }
  for (const call of [
    'diffs/summary?from=2026-03-02&mode=events&groupBy=reason',
    'time-to-patch?days=30',
    'machines?sort=oldest',
    'machines?state=silent',
  ])
    expect(
      run.output.split('\n').some((line) => /^ {2}curl "http:\/\/127\.0\.0\.1:\d+\/api\//.test(line) && line.endsWith(`/api/${call}"`)),
      call,
    ).toBe(true)
  expect(run.output).toMatch(/^ {2}curl http:\/\/127\.0\.0\.1:\d+\/api\/machines\/[0-9a-f]{40}\/history$/m)
  expect(run.output).toMatch(
    /^ok {2}8 snapshots: every machine was observed, or is unknown for its true cause\.\n {4}\d,\d+ calls: the quota was never exceeded\.$/m,
  )
  // eslint-disable-next-line no-control-regex
  expect(run.output).not.toMatch(/\u001b|s3cret|\{"time"/)
})

test('one machine and one week are a history too', { timeout }, async () => {
  const run = spawnStart(['--once', '--machines', '1', '--weeks', '1'])
  expect(await run.exited, run.output).toBe(0)
  expect(run.output).toMatch(/^ +\d+ +still missing +on \d machines?$/m)
})

test('Ctrl+C while it builds the history ends it, and every process that it started', { timeout }, async () => {
  const run = spawnStart(['--port', '0'])
  await run.says('coverage')
  const started = run.descendants()
  expect(started.length).toBeGreaterThan(0)
  run.signal('SIGINT')
  expect(await run.exited, run.output).toBe(0)
  expect(run.output).toContain('Stopped.')
  expect(run.output).not.toContain('Try it')
  expect(started.filter(isRunning)).toEqual([])
})

test('with --once, Ctrl+C is no success', { timeout }, async () => {
  const run = spawnStart(['--once'])
  await run.says('patchtrail')
  run.signal('SIGINT')
  expect(await run.exited, run.output).toBe(130)
})

test(
  'a snapshot that is asked for while it serves is taken at once, and so is that of the week that is let pass',
  { timeout },
  async () => {
    const run = spawnStart(['--port', '0', '--machines', '20', '--weeks', '1'])
    await run.says('Serving until Ctrl+C')
    // The first address of all is that of the page, and it is there.
    const addresses = run.output.match(/http:\/\/[^\s"]+/g) ?? []
    expect(addresses[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/page\/$/)
    expect(run.output.indexOf(addresses[0] ?? '')).toBeLessThan(run.output.indexOf('coverage'))
    expect(await (await fetch(addresses[0] ?? '')).text()).toContain('<title>patchtrail</title>')
    const [, sync = ''] = /curl -X POST (\S+\/api\/sync)/.exec(run.output) ?? []
    const [, now = ''] = /curl -X POST "(\S+\/simulator\/now\?now=\S+)"/.exec(run.output) ?? []
    // Quotes of one kind only: those that every shell takes alike.
    expect(run.output).not.toMatch(/curl.*'/)
    const rows = () => run.output.match(/━ +100 %/g)?.length ?? 0
    expect([(await fetch(sync, { method: 'POST' })).status, (await fetch(sync, { method: 'POST' })).status]).toEqual([202, 409])
    await expect.poll(rows, { timeout: 60_000 }).toBe(2)
    expect((await fetch(now, { method: 'POST' })).status).toBe(200)
    // Time does not run back.
    expect((await fetch(now.replace(/now=.*/, 'now=2026-03-02T00:00:00Z'), { method: 'POST' })).status).toBe(400)
    await run.says('2026-03-09  ━')
    run.signal('SIGTERM')
    expect(await run.exited, run.output).toBe(0)
  },
)

test('a port that is taken is told before anything is built up', { timeout }, async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const run = spawnStart(['--port', String(port)])
  expect(await run.exited).toBe(1)
  expect(run.output).toContain(`Port ${port} is taken by another program.`)
  expect(run.output).not.toContain('coverage')
})

test('an option that does not exist is told in a line that names the help', { timeout }, async () => {
  const run = spawnStart(['--machine', '5'])
  expect(await run.exited).toBe(2)
  expect(run.output).toMatch(/^Unknown option '--machine'\. npm start -- --help tells what there is\.$/m)
})
