import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appearedReason, type MachineEvidence, resolvedReason } from '../../src/domain/index.ts'

const UNKNOWN_SYSTEM = { osPlatform: null, version: null }
const STARTED = Date.parse('2026-06-12T02:00:00Z')
const DAY = 86_400_000
const HOUR = 3_600_000
const at = (milliseconds: number) => new Date(milliseconds).toISOString()

const evidence = (known: Partial<MachineEvidence> = {}): MachineEvidence => ({
  startedAt: at(STARTED),
  firstObservation: false,
  baseline: false,
  rebased: false,
  lastSeen: at(STARTED - 3 * HOUR),
  observedLastSeen: at(STARTED - 27 * HOUR),
  system: UNKNOWN_SYSTEM,
  observedSystem: UNKNOWN_SYSTEM,
  ...known,
})
const newer = [{ kbId: '5094127', productsNames: ['windows_10', 'edge'] }]

describe('why a KB appeared', () => {
  it('is the baseline for a machine that the first snapshot listed, however late it first answered', () => {
    expect(appearedReason(evidence({ firstObservation: true, baseline: true }), false)).toBe('baseline')
  })
  it('is the machine for any other machine that answers for the first time', () => {
    expect(appearedReason(evidence({ firstObservation: true }), false)).toBe('machineAdded')
  })
  it('is that it was gone before and is back', () => {
    expect(appearedReason(evidence(), true)).toBe('reopened')
  })
  it('is otherwise that it is new', () => {
    expect(appearedReason(evidence(), false)).toBe('new')
  })
})

describe('why a KB was resolved', () => {
  it('is installed when the machine has reported since', () => {
    expect(resolvedReason(evidence(), ['windows_10'], [])).toEqual({ reason: 'installed', replacedBy: [] })
  })
  it('is reassessed when the machine has not reported since, or nobody knows', () => {
    const unknown = [{ lastSeen: null }, { observedLastSeen: null }, { observedLastSeen: at(STARTED - 3 * HOUR) }]
    for (const known of unknown) expect(resolvedReason(evidence(known), ['windows_10'], []).reason).toBe('reassessed')
  })
  it('is superseded when a KB with a product in common appeared in the same answer, and names all of those', () => {
    const appeared = [...newer, { kbId: '5000000', productsNames: ['edge'] }, { kbId: '1', productsNames: ['office'] }]
    expect(resolvedReason(evidence(), ['edge'], appeared)).toEqual({ reason: 'superseded', replacedBy: ['5000000', '5094127'] })
  })
  it('is not superseded by a KB of other products', () => {
    expect(resolvedReason(evidence(), ['office'], newer).reason).toBe('installed')
  })
  it('is silent beyond thirty days, even where another KB appeared', () => {
    const silent = evidence({ lastSeen: at(STARTED - 30 * DAY - 1) })
    expect(resolvedReason(silent, ['windows_10'], newer)).toEqual({ reason: 'silent', replacedBy: [] })
    expect(resolvedReason(evidence({ lastSeen: at(STARTED - 30 * DAY) }), ['office'], []).reason).not.toBe('silent')
  })

  it('follows the order of tests of the design for any evidence', () => {
    const times = fc.option(
      fc.integer({ min: -60 * 24, max: 0 }).map((hours) => at(STARTED + hours * HOUR)),
      { nil: null },
    )
    fc.assert(
      fc.property(times, times, fc.boolean(), (lastSeen, observedLastSeen, replaced) => {
        const { reason } = resolvedReason(evidence({ lastSeen, observedLastSeen }), ['windows_10'], replaced ? newer : [])
        const silentDays = lastSeen === null ? 0 : (STARTED - Date.parse(lastSeen)) / DAY
        const reported = lastSeen !== null && observedLastSeen !== null && lastSeen > observedLastSeen
        expect(reason).toBe(silentDays > 30 ? 'silent' : replaced ? 'superseded' : reported ? 'installed' : 'reassessed')
      }),
    )
  })
})
