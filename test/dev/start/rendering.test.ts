import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { estimateSeconds, printAddresses, printBanner, printSuggestions, suggestions } from '../../../dev/start/guide.ts'
import { accountTable, asLongInWords, speedInWords, unassessedInWords } from '../../../dev/start/account.ts'
import { historyTable, machineColumns, reasonTable } from '../../../dev/start/report-tables.ts'
import { begins, type RowSnapshot, snapshotHeader, snapshotNote, snapshotRow, unknownInWords } from '../../../dev/start/snapshot-row.ts'
import { barOf, durationOf, grouped, percent, textTable } from '../../../dev/start/text.ts'
import { recordingTerminal } from './recording-terminal.ts'

const ended: RowSnapshot = {
  status: 'completed',
  startedAt: '2026-03-02T02:00:00Z',
  coverage: 1,
  assessed: 0.98,
  changes: { appeared: 1234, resolved: 0 },
  api: { calls: 300, throttled: 0, retries: 0 },
}

test('a terminal redraws its last line, and what is printed takes its place', () => {
  const terminal = recordingTerminal()
  terminal.draw('a')
  terminal.draw('a')
  terminal.draw('b')
  terminal.print('c', 'd')
  terminal.print('e')
  expect(terminal.written).toEqual(['a', '\r\u001b[2Kb', '\r\u001b[2Kc\nd\n', 'e\n'])
})

test('a log gets printed lines only, and no control characters', () => {
  const terminal = recordingTerminal({ isTTY: false, environment: {} })
  terminal.draw('a')
  terminal.print(terminal.paint('bold', 'c'))
  expect(terminal.written).toEqual(['c\n'])
})

test.each([
  [{}, '\u001b[1mc\u001b[22m'],
  [{ NO_COLOR: '1' }, 'c'],
  [{ NO_COLOR: '' }, '\u001b[1mc\u001b[22m'],
  [{ TERM: 'dumb' }, 'c'],
])('with %o a painted text is %j', (environment, text) => {
  expect(recordingTerminal({ environment }).paint('bold', 'c')).toBe(text)
})

test('a bar is as full as the work is done, full only at the end', () => {
  expect(barOf(0.25, 8)).toEqual({ done: '━━', rest: '──────' })
  expect(barOf(0.999, 8)).toEqual({ done: '━━━━━━━', rest: '─' })
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: false }), fc.integer({ min: 1, max: 200 }), (share, width) => {
      const { done, rest } = barOf(share, width)
      expect((done + rest).length).toBe(width)
      expect(rest === '').toBe(share >= 1 && Number.isFinite(share))
    }),
  )
})

test('a row of a snapshot stands under its titles', () => {
  const terminal = recordingTerminal({ columns: 72 })
  expect(`\n${snapshotHeader(terminal)}\n${snapshotRow(ended, terminal)}\n`).toMatchInlineSnapshot(`
    "
      snapshot              coverage  assessed  appeared  resolved    calls
      2026-03-02  ━━━━━━━━     100 %      98 %     1,234         0      300
    "
  `)
  const failed: RowSnapshot = { ...ended, status: 'failed', coverage: 0.5 }
  expect(`\n${snapshotRow(failed, terminal)}\n${snapshotNote(failed, 'refused', terminal)}\n`).toMatchInlineSnapshot(`
    "
      2026-03-02  ━━━━────      50 %      98 %     1,234         0      300
                  failed: refused
    "
  `)
  // What is counted at the end only is not shown as 0 before.
  expect(snapshotRow(begins(Date.parse(ended.startedAt)), terminal).replaceAll('─', '')).toMatch(/^ {2}2026-03-02 {4} +0 % +0$/)
})

test('the lines fit a terminal of 70 columns and more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 70, max: 300 }), fc.double({ min: 0, max: 1, noNaN: true }), (columns, share) => {
      const terminal = recordingTerminal({ columns })
      expect(snapshotHeader(terminal).length).toBeLessThan(columns)
      expect(snapshotRow({ ...ended, coverage: share, assessed: share }, terminal).length).toBeLessThan(columns)
    }),
  )
})

test('a table is as wide as it must be, and no wider than it may', () => {
  const columns = ['KB', 'machines', 'name'].map((title, index) => ({
    title,
    right: title === 'machines',
    of: (row: readonly string[]) => row[index] ?? '',
  }))
  const { header, rows } = textTable(
    columns,
    [
      ['5082200', '58', 'April'],
      ['1', '1', 'Servicing stack'],
    ],
    30,
  )
  expect([header, ...rows]).toEqual(['KB       machines  name', '5082200        58  April', '1               1  Servicing …'])
})

const reasons = (counts: Partial<Record<string, [appeared: number, resolved: number, stillExposed?: number]>>) =>
  Object.entries(counts).map(([key, [appeared, resolved, stillExposed = 0] = [0, 0]]) => ({ key, appeared, resolved, stillExposed }))

test('reasons come in an order of their own, without zeros, and superseded ones say who is still exposed', () => {
  const counts = reasons({ superseded: [0, 30, 21], installed: [0, 1200], new: [7, 0] })
  const { rows } = reasonTable(counts, { key: 'all', appeared: 7, resolved: 1230, stillExposed: 21 }, 80)
  expect(rows).toEqual([
    'new                7            newly published or needed',
    'installed                1,200  patched, and the machine has reported it',
    'superseded                  30  replaced by a newer KB; 21 still exposed',
    'all                7     1,230',
  ])
})

test('the account says what became of all that was missing, with installed and superseded apart', () => {
  const counts = reasons({ upgraded: [0, 8], superseded: [0, 30, 21], new: [90, 0], installed: [0, 12], baseline: [1100, 0] })
  const totals = { pairs: 1140, atLeast: 900, ages: [100, 40, 900, 60, 40], machines: 210, kbs: 12, deadlines: null }
  expect(accountTable(counts, totals, 80).rows).toEqual([
    '      1,190  appeared       1,100 baseline, 90 new',
    '         12  installed      patched, and the machine has reported it',
    '         30  superseded     replaced by a newer KB; 21 still exposed',
    '          8  upgraded       gone with the operating system',
    '      1,140  still missing  on 210 machines; 1,000 for over 30 days',
  ])
})

test('who is not assessed is told, and only then', () => {
  const machines = { listed: 9, observed: 8, silent: 1, unknown: 2, skipped: 0, removed: 0 }
  expect(unassessedInWords({ machines })).toBe(
    'Not assessed: 1 machine silent for over 30 days, 2 machines unknown. What they miss is not known.',
  )
  expect(unassessedInWords({ machines: { ...machines, silent: null, unknown: 0 } })).toBe('')
})

test('how fast it was patched is told with what it is a share of, and only where something was', () => {
  const installedWithin = {
    days: 30,
    exposures: 1544,
    installed: 151,
    installedAtLeast: 7,
    share: 0.0978,
    leftOut: { upgraded: 8, removed: 3 },
  }
  const speed = { n: 168, p50: 7, p90: 28, resolutionDays: 7, installedWithin }
  const [inTime, ofAll] = speedInWords(speed)
  expect(inTime).toBe('151 of 1,544 exposures ended as installed within 30 days: 9 %; 11 left out')
  expect(ofAll).toBe('half of all that was installed took up to 7 days, nine tenths up to 28 (± 7)')
  expect(speedInWords({ ...speed, installedWithin: { ...installedWithin, leftOut: {} } })[0]).toMatch(/: 9 %$/)
  expect(speedInWords({ ...speed, n: 0, p50: null, p90: null, installedWithin: { ...installedWithin, share: null } })).toEqual([])
})

test('those who are exposed as long as the last one shown are counted', () => {
  const machines = [49, 49, 42, 42, 42, 7].map((daysExposed) => ({ daysExposed }))
  expect([2, 3, 6].map((shown) => asLongInWords(machines, shown, false))).toEqual(['', 'and 2 more for as long', ''])
  const cut = machines.slice(0, 5)
  expect([true, false].map((complete) => asLongInWords(cut, 3, complete))).toEqual([
    'and 2 more for as long',
    'and at least 2 more for as long',
  ])
})

test('machines without an answer are told with what was seen in its place', () => {
  const causes = [
    { status: 502, code: 'BadGateway' },
    { status: 404, code: 'ResourceNotFound' },
    { status: 502, code: 'BadGateway' },
    { status: null, code: 'timeout' },
  ]
  expect(unknownInWords(causes)).toBe('4 machines unknown (1 × 404, 2 × 502, 1 × timeout): their KBs stay')
})

test('whoever is exposed at least so long is said to be so', () => {
  const machine = { machineId: 'f'.repeat(40), computerDnsName: 'ws-1', osPlatform: 'Windows11', missing: 3 }
  const rest = { version: null, rbacGroupName: null, healthStatus: null, lastSeen: null, lastObservedSnapshotId: null }
  const exposed = { ...machine, ...rest, state: 'observed', daysExposed: 49, exposedAtLeast: true } as const
  const rows = [exposed, { ...exposed, computerDnsName: null, daysExposed: 1, exposedAtLeast: false }]
  expect(textTable(machineColumns, rows, 90).rows).toEqual([
    'ws-1                                      Windows11  at least 49 days            3',
    'ffffffffffffffffffffffffffffffffffffffff  Windows11             1 day            3',
  ])
})

test('the story of a machine begins with its oldest interval', () => {
  const kb = { kbName: null, productsNames: [], url: null, cveAddressed: null, appearedObservedAt: '' }
  const open = {
    ...kb,
    kbId: '2',
    state: 'open' as const,
    firstMissingAt: '2026-03-16T02:00:00Z',
    daysMissing: 7,
    ...{ exposedSince: '2026-03-02T02:00:00Z', daysExposed: 21, exposedAtLeast: true },
    appearedSnapshotId: '',
    appearedReason: 'new' as const,
  }
  const closed = {
    ...open,
    kbId: '1',
    state: 'closed' as const,
    firstMissingAt: '2026-03-02T02:00:00Z',
    daysMissing: 14,
    ...{ exposedSince: '2026-03-02T02:00:00Z', daysExposed: 14, exposedAtLeast: true },
    appearedReason: 'baseline' as const,
    resolvedAt: '2026-03-16T02:00:00Z',
    resolvedReason: 'superseded' as const,
    replacedBy: ['2'],
  }
  expect(historyTable([open, closed], 80).rows).toEqual([
    '1   2026-03-02  baseline  2026-03-16   ≥ 14 d  superseded by 2',
    '2   2026-03-16  new                    ≥ 21 d  still missing',
  ])
})

test('numbers are written for people', () => {
  expect([grouped(1234567), percent(0.999), percent(1)]).toEqual(['1,234,567', '99 %', '100 %'])
  expect([0.2, 99, 600, 7500].map(durationOf)).toEqual(['1 s', '99 s', '10 min', '2 h 5 min'])
})

test('the banner fits 80 columns, and says how long it takes', () => {
  for (const options of [
    { kind: 'demo', once: false, port: 0, machines: 10_000, weeks: 52, seed: 1 },
    { kind: 'tenant', once: false, port: 0, tenantId: '11111111-2222-3333-4444-aaaaaaaaaaaa' },
  ] as const) {
    const terminal = recordingTerminal()
    printBanner(options, terminal)
    const lines = terminal.written.join('').split('\n')
    expect(lines.filter((line) => line.length > 80)).toEqual([])
    expect(terminal.written.join('')).toMatch(/take(s about)? \d+ (s|min)/)
  }
  expect(estimateSeconds({ machines: 300, weeks: 8 })).toBeLessThanOrEqual(30)
})

test('what is suggested can be copied line by line', () => {
  for (const { command } of suggestions('http://127.0.0.1:7071', '2026-03-02T02:00:00Z', 'linux')) {
    expect(command).toMatch(/^curl (-X POST )?("[^"]+"|[^\s&?"']+)$/)
  }
  const [first] = suggestions('http://127.0.0.1:7071', '2026-03-02T02:00:00Z', 'win32')
  expect(first?.command).toBe('curl.exe http://127.0.0.1:7071/api/overview')
})

test('the page is the first address that is shown, where there is one', () => {
  const shown = (signIn: string) => {
    vi.stubEnv('PAGE_SIGN_IN', signIn)
    onTestFinished(() => void vi.unstubAllEnvs())
    const terminal = recordingTerminal()
    printAddresses(terminal, 'http://127.0.0.1:7071', 'log x')
    printSuggestions(terminal, 'http://127.0.0.1:7071', [{ about: 'health', command: 'curl x' }])
    return terminal.written.join('').split('\n').filter(Boolean)
  }
  const api = '  API http://127.0.0.1:7071/api   log x'
  const tries = ['Try it', '  # health', '  curl x']
  const page = '  http://127.0.0.1:7071/api/page/'
  expect(shown('')).toEqual([page, api, 'Open it', page, ...tries])
  expect(shown('off')).toEqual([api, ...tries])
})
