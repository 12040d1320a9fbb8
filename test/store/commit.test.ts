import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Interval } from '../../src/domain/index.ts'
import { type Fault, type RunningTableService, startTableService } from '../../dev/table-service/index.ts'
import { DEFENDER_POLICY } from '../../src/defender/index.ts'
import { LONGEST_PENDING_CHARACTERS, type TenantStore, type Transition } from '../../src/store/index.ts'
import { interval, machineIdOf, transition } from '../support/store-rows.ts'
import { openTestStore, STORE_OPTIONS } from '../support/stores.ts'

const FIRST = '20260612T020000Z'
const SECOND = '20260613T020000Z'
const MACHINE = machineIdOf(1)
/** The process that was killed does not try again. */
const KILLED = { ...STORE_OPTIONS, retryOptions: { maxRetries: 0 } }

const many = (count: number, values: Partial<Interval> = {}) =>
  Array.from({ length: count }, (_, index) => interval(String(5_000_000 + index), values))

describe('a transition of more rows than a transaction holds', () => {
  let service: RunningTableService
  let store: TenantStore
  let killedStore: TenantStore
  /** Which batch of the killed process fails, counted from 1; 0 for none. */
  let failing: { batch: number; fault: Fault }
  let batches: number

  beforeEach(async () => {
    failing = { batch: 0, fault: 'connectionReset' }
    batches = 0
    service = await startTableService({
      script: ({ kind }) => (kind === 'batch' && ++batches >= failing.batch && failing.batch > 0 ? failing.fault : undefined),
    })
    store = openTestStore(service.connectionString, 'x')
    killedStore = openTestStore(service.connectionString, 'x', KILLED)
  })
  afterEach(async () => {
    await service.close()
  })

  const read = () => store.missingKbs.read(MACHINE)

  /** Commits, and dies at the given batch. */
  async function commitKilledAt(batch: number, fault: Fault, next: Transition): Promise<void> {
    batches = 0
    failing = { batch, fault }
    await expect(killedStore.missingKbs.commit(MACHINE, next, (await read()).state)).rejects.toThrow()
    failing = { batch: 0, fault }
  }

  it.each([99, 100, 198, 199, 450])('is written whole: %i intervals', async (count) => {
    expect(await store.missingKbs.commit(MACHINE, transition(FIRST, many(count)), undefined)).toBe('written')
    const { state, intervals } = await read()
    expect(state).toMatchObject({ snapshotId: FIRST, pending: null })
    expect(intervals).toEqual(many(count))
  })

  it('costs as few transactions as its rows need', async () => {
    await store.missingKbs.commit(MACHINE, transition(FIRST, []), undefined)
    const before = service.counts().kinds.batch ?? 0
    await store.missingKbs.commit(MACHINE, transition(SECOND, many(450)), (await read()).state)
    expect((service.counts().kinds.batch ?? 0) - before).toBe(Math.ceil(450 / 99))
  })

  it('is split by its bytes too', async () => {
    const large = many(90, { productsNames: ['x'.repeat(30_000), 'y'.repeat(1_000)], url: 'z'.repeat(30_000) })
    expect(await store.missingKbs.commit(MACHINE, transition(FIRST, large), undefined)).toBe('written')
    expect((await read()).intervals).toEqual(large)
    expect((await read()).state?.pending).toBe(null)
  })

  it.each([1, 2, 3, 4, 5].flatMap((batch) => (['connectionReset', 'responseLost'] as const).map((fault) => [batch, fault] as const)))(
    'killed at its transaction %i (%s) is either not begun, finished, or says what it was given',
    async (batch, fault) => {
      await store.missingKbs.commit(MACHINE, transition(FIRST, many(3)), undefined)
      const next = transition(SECOND, many(450, { resolvedSnapshotId: SECOND, resolvedReason: 'installed' }), {
        resumeFrom: '{"answer":[1,2,3]}',
      })
      await commitKilledAt(batch, fault, next)
      const { state } = await read()
      const begun = batch > 1 || fault === 'responseLost'
      const finished = batch === 5 && fault === 'responseLost'
      expect(state).toMatchObject(
        begun ? { snapshotId: SECOND, pending: finished ? null : '{"answer":[1,2,3]}' } : { snapshotId: FIRST, pending: null },
      )
      // Whoever finds it pending commits the same again, over the state it read.
      if (!finished) expect(await store.missingKbs.commit(MACHINE, next, state)).toBe('written')
      expect(await read()).toMatchObject({ state: { snapshotId: SECOND, pending: null }, intervals: next.changed })
    },
  )

  it.each([2, 3, 4])(
    'stops when someone else takes the machine over before its transaction %i, and changes nothing of what that one wrote',
    async (overtakenAt) => {
      const next = transition(SECOND, many(350))
      const after = transition('20260614T020000Z', many(350, { resolvedSnapshotId: '20260614T020000Z', resolvedReason: 'installed' }))
      const takeOver = async () => {
        await store.missingKbs.commit(MACHINE, next, (await read()).state)
        await store.missingKbs.commit(MACHINE, after, (await read()).state)
      }
      let sent = 0
      const slow = openTestStore(service.connectionString, 'x', {
        ...STORE_OPTIONS,
        additionalPolicies: [
          {
            position: 'perCall',
            policy: {
              name: 'overtaken',
              sendRequest: async (request, send) => {
                if (request.url.endsWith('$batch') && ++sent === overtakenAt) await takeOver()
                return send(request)
              },
            },
          },
        ],
      })
      await store.missingKbs.commit(MACHINE, transition(FIRST, []), undefined)
      expect(await slow.missingKbs.commit(MACHINE, next, (await read()).state)).toBe('outdated')
      expect(await read()).toMatchObject({ state: { snapshotId: after.snapshotId, pending: null }, intervals: after.changed })
    },
  )

  it('gives back whatever text it was given to resume from', async () => {
    await store.missingKbs.commit(MACHINE, transition(FIRST, []), undefined)
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 50 }),
      fc
        .tuple(fc.integer({ min: 29_998, max: 30_000 }), fc.integer({ min: 0, max: 40_000 }))
        .map(([before, after]) => `${'x'.repeat(before)}😀'"\\${'é'.repeat(after)}`),
    )
    await fc.assert(
      fc.asyncProperty(texts, async (resumeFrom) => {
        await commitKilledAt(2, 'connectionReset', transition(SECOND, many(120), { resumeFrom }))
        expect((await read()).state?.pending ?? '').toBe(resumeFrom)
      }),
      { numRuns: 20 },
    )
  })

  it('refuses an input that is too long to be kept, before it writes anything', async () => {
    await expect(
      store.missingKbs.commit(MACHINE, transition(FIRST, many(120), { resumeFrom: 'x'.repeat(480_001) }), undefined),
    ).rejects.toMatchObject({ name: 'StoreError', code: 'PendingTooLong' })
    expect(await read()).toEqual({ state: undefined, intervals: [], gaps: [] })
  })

  it('has room for the largest answer that is taken from Defender, and for what is known of its machine', () => {
    expect(DEFENDER_POLICY.largestAnswerCharacters + 10_000).toBeLessThanOrEqual(LONGEST_PENDING_CHARACTERS)
  })

  it('keeps an input as long as a row holds', async () => {
    const longest = transition(FIRST, many(120), { resumeFrom: 'x'.repeat(480_000) })
    expect(await store.missingKbs.commit(MACHINE, longest, undefined)).toBe('written')
    expect((await read()).intervals).toHaveLength(120)
  })

  it('needs no input to be kept where one transaction is enough', async () => {
    expect(await store.missingKbs.commit(MACHINE, transition(FIRST, many(99), { resumeFrom: 'x'.repeat(480_001) }), undefined)).toBe(
      'written',
    )
  })
})
