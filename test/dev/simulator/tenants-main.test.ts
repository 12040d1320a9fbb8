import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { tenantIdOf } from '../../../dev/simulator/index.ts'
import type { PlantedLedger } from '../../../dev/simulator/simulated-tenant.ts'

/** Starts many tenants in a process that ends with the test. */
async function startProcess(args: readonly string[]) {
  const main = fileURLToPath(new URL('../../../dev/simulator/tenants-main.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(async () => {
    if (child.exitCode === null && child.kill()) await once(child, 'exit')
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return JSON.parse(line) as { url: string; authorityUrl: string; certificate: string; tenantIds: string[] }
}

async function ask(url: string, body?: unknown) {
  const response = await fetch(url, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

test('500 tenants in a process of their own are steered over loopback, each by its id', async () => {
  const { url, authorityUrl, certificate, tenantIds } = await startProcess(['--tenants', '500', '--machines', '20'])
  expect(tenantIds).toHaveLength(500)
  expect(tenantIds[499]).toBe(tenantIdOf(499))
  expect(authorityUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  expect(certificate).toContain('BEGIN CERTIFICATE')
  const tenant = `${url}/simulator/tenants/${tenantIdOf(7)}`
  expect((await ask(`${tenant}/consent`, { consent: 'noDefender' })).status).toBe(200)
  expect((await ask(`${tenant}/consent`, { consent: 'perhaps' })).status).toBe(400)
  expect((await ask(`${tenant}/faults`, { html502: { limit: 1 } })).status).toBe(200)
  expect((await ask(`${tenant}/requests`)).body).toEqual({ counts: {}, quotaViolations: 0, tokensIssued: 0, filesAskedWithToken: 0 })
  expect((await ask(`${url}/simulator/identity`, { state: 'authorityDown' })).status).toBe(200)
  expect((await ask(`${url}/simulator/now`, { now: 1_780_000_000_000 })).body).toEqual({ now: 1_780_000_000_000 })
  const { body } = await ask(`${tenant}/truth`)
  expect(body.at).toBe(1_780_000_000_000)
  expect(Object.keys(body.machines as object).length).toBeGreaterThan(10)
  expect((await ask(`${url}/simulator/tenants/${tenantIdOf(501)}/requests`)).status).toBe(404)
})

test('tenants may be listed, each with what it has of its own', async () => {
  const exported = { superseded: 'all', export: { filesPerGroup: 1 }, disagreements: { less: {} }, roles: ['Machine.Read.All'] }
  const listed = [{ tenantId: tenantIdOf(3), machines: 20, consent: 'missingRole', quota: 'none', ...exported }]
  const { url, tenantIds } = await startProcess(['--tenants', JSON.stringify(listed)])
  expect(tenantIds).toEqual([tenantIdOf(3)])
  const planted = (await ask(`${url}/simulator/tenants/${tenantIdOf(3)}/disagreements`)).body as unknown as PlantedLedger
  expect(planted.machines.some(({ kind, less }) => kind === 'less' && less.length > 1)).toBe(true)
})
