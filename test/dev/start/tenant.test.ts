import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { type Simulator, startSimulator } from '../../../dev/simulator/index.ts'
import { spawnStart } from './start-process.ts'

const timeout = 180_000

/** A Defender on the real clock, a tenant whose history starts empty, and the shell of a person who may read it. */
async function startDefender(): Promise<{
  simulator: Simulator
  tenantId: string
  folder: URL
  shell: Record<string, string | undefined>
}> {
  const simulator = await startSimulator({ seed: 3, machines: 12, now: Date.now })
  onTestFinished(() => simulator.close())
  const tenantId = randomUUID()
  const folder = new URL(`../../../.patchtrail/${tenantId}/`, import.meta.url)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return { simulator, tenantId, folder, shell: { DEFENDER_API_URL: simulator.url, CATALOGUE: 'off', ...simulator.environment } }
}

test('a tenant is read by what the shell holds, its history is kept, and the next run goes on with it', { timeout }, async () => {
  const { simulator, tenantId, folder, shell } = await startDefender()
  const first = spawnStart(['--once', '--tenant', tenantId], shell)
  expect(await first.exited, first.output).toBe(0)
  expect(first.output).toMatch(/━+ +100 %/)
  expect(first.output).not.toContain('The last diff')
  expect(readFileSync(new URL('start.log', folder), 'utf8')).toContain('"event":"slice.ended"')
  expect(existsSync(new URL('process-id', folder))).toBe(false)

  const second = spawnStart(['--once', '--tenant', tenantId], shell)
  expect(await second.exited, second.output).toBe(0)
  expect(second.output).toContain('The last diff')
  expect(simulator.quotaViolations).toBe(0)
})

test('a snapshot that Ctrl+C left behind is gone on with', { timeout }, async () => {
  const { simulator, tenantId, shell } = await startDefender()
  simulator.setFaults({ slow: { milliseconds: 60_000 } })
  const first = spawnStart(['--port', '0', '--tenant', tenantId], { ...shell, SYNC_LEASE_SECONDS: '2', SYNC_CALLS_PER_MINUTE: '100' })
  await expect.poll(() => simulator.requests.count({ route: 'machineList', status: 200 }), { timeout: 60_000 }).toBeGreaterThan(0)
  await first.says('API')
  first.signal('SIGINT')
  expect(await first.exited, first.output).toBe(0)
  simulator.setFaults({ slow: false })

  const second = spawnStart(['--once', '--tenant', tenantId], { ...shell, SYNC_LEASE_SECONDS: '2', SYNC_CALLS_PER_MINUTE: '100' })
  expect(await second.exited, second.output).toBe(0)
  expect(second.output).toMatch(/Going on with the snapshot of .* UTC\./)
})

test('a missing role is explained, and two runs do not share a folder', { timeout }, async () => {
  const { simulator, tenantId, shell } = await startDefender()
  simulator.setFaults({ missingRole: {} })
  const run = spawnStart(['--tenant', tenantId, '--port', '0'], shell)
  await run.says('API')
  const other = spawnStart(['--tenant', tenantId, '--port', '0'], shell)
  expect(await run.exited, run.output).toBe(1)
  expect(run.output).toMatch(/The snapshot failed \(Forbidden\): .*Machine\.Read\.All[^]*a role is missing/)
  expect(await other.exited, other.output).toBe(1)
})

test('settings that are wrong are named, all of them, before anything is called', { timeout }, async () => {
  const { simulator, tenantId, shell } = await startDefender()
  const run = spawnStart(['--tenant', tenantId, '--port', '0'], { ...shell, SYNC_SCHEDULE: 'daily', SYNC_CONCURRENCY: '0' })
  expect(await run.exited, run.output).toBe(1)
  expect(run.output).toMatch(/SYNC_SCHEDULE: expected [^]*SYNC_CONCURRENCY: expected/)
  expect(simulator.requests.count()).toBe(0)
})
