import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { mergeKbs, type MissingKb } from '../../src/domain/index.ts'
import { DEFENDER_POLICY, retryDelayMs } from '../../src/defender/index.ts'
import { redact } from '../../src/defender/redact.ts'
import { retryAfterSeconds, throttledSeconds } from '../../src/defender/retry-after.ts'
import { normaliseTimestamp } from '../../src/defender/timestamp.ts'
import { decodeKbs, decodeMachines } from '../../src/defender/wire.ts'

const NOW = Date.parse('2026-03-10T02:00:00Z')

describe('retryDelayMs', () => {
  it('doubles up to its cap, and stays in the upper half of each step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (retry, random) => {
        const full = Math.min(500 * 2 ** (retry - 1), DEFENDER_POLICY.longestRetryDelayMs)
        const delay = retryDelayMs(retry, random)
        expect(delay).toBeGreaterThanOrEqual(full / 2)
        expect(delay).toBeLessThanOrEqual(full)
      }),
    )
    expect([1, 2, 3, 4, 5].map((retry) => retryDelayMs(retry, 0))).toEqual([250, 500, 1000, 2000, 2000])
  })
})

describe('Retry-After', () => {
  it('is read in seconds or as a date, never less than a second and never more than a day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
        const expected = Math.min(Math.max(1, seconds), 86_400)
        expect(retryAfterSeconds(String(seconds), NOW)).toBe(expected)
        expect(retryAfterSeconds(new Date(NOW + seconds * 1000).toUTCString(), NOW)).toBe(expected)
      }),
    )
    expect(retryAfterSeconds(new Date(NOW - 5000).toUTCString(), NOW)).toBe(1)
  })

  it.each([undefined, '', 'soon', '-5', '1e3', '5 minutes', '10/03/2026'])('%s says nothing', (text) => {
    expect(retryAfterSeconds(text, NOW)).toBeUndefined()
  })

  it('always leads to a wait in bounds', () => {
    fc.assert(
      fc.property(fc.option(fc.string(), { nil: undefined }), fc.string(), (header, message) => {
        const seconds = throttledSeconds(header, message, NOW)
        expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 86_400).toBe(true)
      }),
    )
    expect(throttledSeconds(undefined, 'maximum allowed 5 per 00:00:10', NOW)).toBe(10)
    expect(throttledSeconds(undefined, 'maximum allowed 5 per 00:00:00', NOW)).toBe(1)
  })
})

describe('normaliseTimestamp', () => {
  it.each([
    ['2026-03-01T08:15:30.1234567Z', '2026-03-01T08:15:30.123Z'],
    ['2026-03-01T08:15:30Z', '2026-03-01T08:15:30.000Z'],
    ['2026-03-01T08:15:30.5', '2026-03-01T08:15:30.500Z'],
    ['2026-03-01 08:15:30', '2026-03-01T08:15:30.000Z'],
    ['2026-03-01T08:15:30.9999999+02:00', '2026-03-01T06:15:30.999Z'],
    ['0001-01-01T00:00:00Z', null],
    ['2026-13-01T00:00:00Z', null],
    ['yesterday', null],
    ['', null],
    [null, null],
  ])('makes %s to %s', (text, expected) => {
    expect(normaliseTimestamp(text)).toBe(expected)
  })

  it('takes a time without a zone for UTC, wherever it runs', () => {
    vi.stubEnv('TZ', 'America/New_York')
    expect(new Date(NOW).getHours()).not.toBe(2)
    expect(normaliseTimestamp('2026-03-01T08:15:30')).toBe('2026-03-01T08:15:30.000Z')
    vi.unstubAllEnvs()
  })

  it('keeps what it has made', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }), (date) => {
        expect(normaliseTimestamp(date.toISOString())).toBe(date.toISOString())
      }),
    )
  })
})

const count = fc.option(fc.nat(500))
const missingKb: fc.Arbitrary<MissingKb> = fc.record({
  kbId: fc.constantFrom('1', '2', '3'),
  kbName: fc.option(fc.constantFrom('a', 'b')),
  productsNames: fc.uniqueArray(fc.constantFrom('x', 'y', 'z')).map((names) => names.sort()),
  url: fc.option(fc.webUrl()),
  cveAddressed: count,
  machineMissedOn: count,
  osBuild: fc.option(fc.constantFrom('19044'), { nil: null }),
})

describe('mergeKbs', () => {
  it('keeps every id once, in order, and loses no product and no count', () => {
    fc.assert(
      fc.property(fc.array(missingKb), (kbs) => {
        const merged = mergeKbs(kbs)
        expect(merged.map(({ kbId }) => kbId)).toEqual([...new Set(kbs.map(({ kbId }) => kbId))].sort())
        for (const kb of merged) {
          const same = kbs.filter(({ kbId }) => kbId === kb.kbId)
          expect(kb.productsNames).toEqual([...new Set(same.flatMap(({ productsNames }) => productsNames))].sort())
          const counts = same.flatMap(({ cveAddressed }) => (cveAddressed === null ? [] : [cveAddressed]))
          expect(kb.cveAddressed).toBe(counts.length === 0 ? null : Math.max(...counts))
          expect(kb.kbName).toBe(same.find(({ kbName }) => kbName !== null)?.kbName ?? null)
        }
        expect(mergeKbs(merged)).toEqual(merged)
      }),
    )
  })
})

describe('the wire schemas', () => {
  it('never throw, and never make an id out of nothing', () => {
    const row = fc.dictionary(fc.constantFrom('id', 'name', 'productsNames', 'cveAddressed', 'lastSeen', 'machineTags'), fc.anything())
    fc.assert(
      fc.property(fc.record({ value: fc.oneof(fc.array(row), fc.anything()) }), (body) => {
        const kbs = decodeKbs(body)
        const machines = decodeMachines(body)
        if (kbs.ok) expect(kbs.value.kbs.every(({ kbId }) => kbId !== '')).toBe(true)
        if (machines.ok) expect(machines.value.machines.every(({ machineId }) => /^[a-z0-9._-]{1,100}$/.test(machineId))).toBe(true)
      }),
    )
  })
})

describe('redact', () => {
  it('leaves no part of the secret in one line of bounded length', () => {
    const secret = 'S3CRETSECRET'
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constant(secret)), { maxLength: 100 }), (parts) => {
        const text = redact(parts.join(''), [secret])
        expect(text).not.toContain(secret)
        expect(text.length).toBeLessThanOrEqual(500)
        expect(text).not.toMatch(/[\n\r]/)
      }),
    )
  })
})

describe('what no storage takes', () => {
  const kb = (values: object) => decodeKbs({ value: [{ id: '1', ...values }] })

  it('is cut, whatever a text or a list holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(400), fc.nat(2_000), (text, repeats, products) => {
        const long = text.repeat(repeats)
        const decoded = kb({ name: long, productsNames: Array.from({ length: products }, (_, index) => `${index} ${long}`) })
        if (!decoded.ok) throw new Error(decoded.reason)
        const [row] = decoded.value.kbs
        expect(row?.kbName?.length ?? 0).toBeLessThanOrEqual(1_000)
        expect(JSON.stringify(row?.productsNames).length).toBeLessThanOrEqual(30_000)
        expect(`${row?.kbName}${row?.productsNames.join()}`).not.toMatch(/\p{Cs}/u)
      }),
    )
  })

  it('is no count, no address and no id', () => {
    const longUrl = `https://example.com/${'x'.repeat(2_000)}`
    expect(kb({ cveAddressed: 5_000_000_000, machineMissedOn: '2147483647', url: longUrl, name: 'a\ud800b' })).toMatchObject({
      ok: true,
      value: { kbs: [{ cveAddressed: null, machineMissedOn: 2_147_483_647, url: null, kbName: 'a\ufffdb' }] },
    })
    expect(decodeKbs({ value: [{ id: 'a\ud83d' }] }).ok).toBe(false)
  })
})
