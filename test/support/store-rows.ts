import type { ChangeRow, Interval, KbRow, MachineListing, MachineOutcome, SnapshotRow, Transition } from '../../src/store/index.ts'

export const TENANT = '11111111-2222-3333-4444-555555555555'
export const machineIdOf = (index: number) => index.toString(16).padStart(40, '0')

export const snapshotRow = (snapshotId: string, values: Partial<SnapshotRow> = {}): SnapshotRow => ({
  snapshotId, status: 'completed', trigger: 'schedule', source: 'perMachine', phase: 'ended', finishedAt: '2026-06-12T02:20:00Z', cursor: 'ff',
  listingSkip: 10_000, listingFailures: 1, listingComplete: true, stalledSlices: 0, errorCode: '', errorDetail: '', listed: 12, notListed: 1, wanted: 11, observed: 10, unknown: 1,
  skipped: 1, removed: 2, appeared: 3, resolved: 4, missingPairs: 5, missingKbs: 6, missingMachines: 7, calls: 8, throttled: 9, retries: 10,
  slices: 11, activeMilliseconds: 12_345, skippedStarts: 1, ...values,
})

export const listing = (machineId: string, values: Partial<MachineListing> = {}): MachineListing => ({
  machineId, computerDnsName: 'ws-1.contoso.com', osPlatform: 'Windows11', version: '23H2', osBuild: '22631', rbacGroupId: '7', rbacGroupName: 'Bureau "Zürich"',
  healthStatus: 'Active', onboardingStatus: 'Onboarded', lastSeen: '2026-06-12T01:59:58.1234567Z', firstSeen: '2024-01-01T00:00:00Z', aadDeviceId: null,
  machineTags: ['a', 'b c'], lastListedSnapshotId: '20260612T020000Z', wanted: true, baseline: true, filteredOut: false, ...values,
})

export const outcome = (machineId: string, values: Partial<MachineOutcome> = {}): MachineOutcome => ({
  machineId, settledSnapshotId: '20260612T020000Z', state: 'observed', code: '', detail: '', status: 0, attempts: 1, retryInSnapshotId: '', changedSnapshotId: '20260601T020000Z',
  lastObservedSnapshotId: '20260612T020000Z', observedAt: '2026-06-12T02:00:03Z', observedLastSeen: '2026-06-12T01:59:58Z',
  missingKbIds: '5094127 5095051', missing: 2, oldestMissingAt: '2026-05-01T02:00:00Z', filteredOut: false, ...values,
})

export const interval = (kbId: string, values: Partial<Interval> = {}): Interval => ({
  kbId, kbName: 'June 2026 Security Updates', productsNames: ['windows_11', 'édge'], url: 'https://catalog.update.microsoft.com/?q=KB1&x=\'1\'', cveAddressed: 12,
  appearedSnapshotId: '20260612T020000Z', appearedReason: 'new', appearedObservedAt: '2026-06-12T02:00:03Z', resolvedSnapshotId: '', resolvedReason: '',
  resolvedObservedAt: '', lastMissingSnapshotId: '', replacedBy: [], ...values,
})

export const transition = (snapshotId: string, changed: readonly Interval[], values: Partial<Transition> = {}): Transition => ({
  snapshotId, outcome: 'observed', observedAt: '2026-06-12T02:00:03Z', changed, resumeFrom: `{"for":"${snapshotId}"}`, ...values,
})

export const changeRow = (snapshotId: string, machineId: string, kbId: string): ChangeRow => ({
  snapshotId, machineId, kbId, change: 'resolved', reason: 'superseded', replacedBy: ['5095051', 'KB 1/2'], observedAt: '2026-06-12T02:00:03Z',
  appearedSnapshotId: '20260501T020000Z', lastMissingSnapshotId: '20260611T020000Z', computerDnsName: 'ws-1', osPlatform: 'Windows11', rbacGroupName: null,
  kbName: null, productsNames: [], url: null, cveAddressed: null,
})

export const kbRow = (kbId: string, values: Partial<KbRow> = {}): KbRow => ({
  kbId, kbName: 'June 2026', productsNames: ['windows_11'], url: 'https://example.com', cveAddressed: 0,
  firstSeenSnapshotId: '20260501T020000Z', lastSeenSnapshotId: '20260612T020000Z', machinesMissing: 41, ...values,
})
