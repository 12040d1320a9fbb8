import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readLocalSettings } from '../../../dev/start/app-environment.ts'
import { explainRefusal } from '../../../dev/start/explain-refusal.ts'
import { lockFolder } from '../../../dev/start/folder-lock.ts'
import { pickMachine } from '../../../dev/start/report-tables.ts'
import { callsLeft, tenantLine, type TenantView } from '../../../dev/start/tenant-line.ts'
import { recordingTerminal } from './recording-terminal.ts'

const NOW = Date.parse('2026-05-01T10:00:00Z')
const MINUTE = 60_000

test('what is left of a quota counts both windows, and what is reserved', () => {
  const ledger = [
    { endMs: NOW - 61 * MINUTE, count: 500 },
    { endMs: NOW - 30 * MINUTE, count: 100 },
    { endMs: NOW - MINUTE, count: 1 },
    { endMs: NOW + MINUTE, count: 40 },
  ]
  expect(callsLeft(ledger, { perMinute: 50, perHour: 1500 }, NOW)).toEqual({ minute: 9, hour: 1359 })
  expect(callsLeft(ledger, { perMinute: 10, perHour: 100 }, NOW)).toEqual({ minute: 0, hour: 0 })
})

describe('the line of a real tenant', () => {
  const view: TenantView = {
    snapshot: {
      snapshotId: '20260501T095900Z',
      tenantId: 't',
      status: 'running',
      trigger: 'manual',
      source: 'perMachine',
      startedAt: '2026-05-01T09:59:00Z',
      progress: 0.48,
      coverage: 0.48,
      assessed: null,
      etaSeconds: 630,
      machines: { listed: 1200, observed: 480, silent: null, unknown: 0, skipped: 200, removed: 0 },
      changes: { appeared: 0, resolved: 0 },
      missing: { pairs: 0, kbs: 0, machines: 0 },
      api: { calls: 482, throttled: 0, retries: 0 },
      slices: 10,
      activeSeconds: 100,
      skippedStarts: 0,
    },
    tenant: { leaseOwner: '', leaseUntil: '', notBefore: '' },
    left: { minute: 3, hour: 1018 },
    isTicking: false,
    now: NOW,
  }
  const terminal = recordingTerminal({ columns: 100 })

  test('tells coverage, calls left and time left', () => {
    expect(tenantLine(view, terminal)).toBe(
      '  ━━━━━━━━━━━━────────────  48 % covered · 480 machines · calls left 3/min 1,018/h · 11 min to go',
    )
  })

  test('tells what it waits for', () => {
    expect(tenantLine({ ...view, tenant: { ...view.tenant, notBefore: '2026-05-01T10:05:00Z' } }, terminal)).toContain(
      'paused by Defender until',
    )
    const killed = { ...view, tenant: { ...view.tenant, leaseOwner: 'x', leaseUntil: '2026-05-01T10:01:00Z' } }
    expect(tenantLine(killed, terminal)).toContain('goes on at')
    expect(tenantLine({ ...killed, isTicking: true }, terminal)).toContain('11 min to go')
    const { etaSeconds: _, ...listing } = view.snapshot
    expect(tenantLine({ ...view, snapshot: listing }, terminal)).toContain('1,200 machines listed')
  })

  test('fits the terminal', () => {
    for (const columns of [40, 60, 80, 100]) expect(tenantLine(view, recordingTerminal({ columns })).length).toBeLessThan(columns)
  })
})

test.each([
  [{ code: 'credentialUnavailable', detail: 'no credential is set up' }, 'az login --tenant TENANT'],
  [{ code: 'credentialUnavailable', detail: 'AADSTS90002: Tenant not found' }, 'Check the id'],
  [{ code: 'credentialUnavailable', detail: 'AADSTS500011: The resource principal was not found' }, 'licence'],
  [{ code: 'Unauthorized', detail: 'Unauthorized request - reason of failure: No Tvm license' }, 'licence'],
  [{ code: 'Unauthorized', detail: 'The token is expired' }, 'Sign in again'],
  [{ code: 'Forbidden', detail: 'Missing application roles. API required roles: Machine.Read.All' }, 'a role is missing'],
  [{ code: 'http403', detail: 'HTTP 403 with a text/html body' }, 'a role is missing'],
])("%o is explained, with Defender's own words", (refusal, advice) => {
  const text = explainRefusal(refusal, 'TENANT').join('\n')
  expect(text).toContain(advice)
  expect(text).toContain(refusal.detail)
})

test('what nobody has an advice for is told as it is', () => {
  expect(explainRefusal({ code: 'teapot', detail: 'short and stout' }, 'TENANT')).toEqual(['The snapshot failed (teapot): short and stout'])
})

test('the machine with the most varied of the short stories is picked', () => {
  const story = (machineId: string, ...reasons: string[]) => reasons.map((reason) => ({ machineId, reason: reason as 'new' }))
  const long = story('long', ...Array.from({ length: 20 }, (_, index) => `r${index}`))
  expect(
    pickMachine([...long, ...story('a', 'new', 'new', 'new'), ...story('b', 'new', 'installed', 'new'), ...story('c', 'new', 'installed')]),
  ).toBe('b')
  expect(pickMachine([...story('a', 'new', 'installed', 'removed'), ...story('b', 'new', 'installed')])).toBe('b')
  expect(pickMachine(long)).toBe('long')
  expect(pickMachine([])).toBeUndefined()
})

describe('a folder', () => {
  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'patchtrail-start-'))
    onTestFinished(() => rmSync(path, { recursive: true }))
    return path
  }

  test('belongs to one process at a time, and to nobody after its end', () => {
    const path = folder()
    writeFileSync(join(path, 'process-id'), String(process.ppid))
    expect(() => lockFolder(path)).toThrow(`Another npm start (process ${process.ppid})`)
    // Larger than any process id: the one that left it is gone.
    writeFileSync(join(path, 'process-id'), '2147483646')
    const release = lockFolder(path)
    release()
    expect(readdirSync(path)).toEqual([])
  })

  test('with a local.settings.json gives its values, and a bad one shows none of them', () => {
    const path = join(folder(), 'local.settings.json')
    expect(readLocalSettings(path)).toEqual({})
    writeFileSync(path, '{ "IsEncrypted": false, "Values": { "DEFENDER_CLOUD": "gcc" } }')
    expect(readLocalSettings(path)).toEqual({ DEFENDER_CLOUD: 'gcc' })
    for (const bad of ['{ "Values": { "AZURE_CLIENT_SECRET": "s3cret", } }', '{ "IsEncrypted": true, "Values": { "A": "s3cret" } }']) {
      writeFileSync(path, bad)
      expect(() => readLocalSettings(path)).toThrow(/^(?!.*s3cret).*local\.settings\.json/)
    }
  })
})
