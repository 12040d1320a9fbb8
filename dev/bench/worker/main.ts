// A process that runs the program and nothing else; settings come from the environment, jobs and answers over IPC.
import { keepHeapLean } from '../../../src/lean-heap.ts'
import { compareFullSnapshots } from './compare-full-snapshots.ts'
import { fetchBare } from './fetch-bare.ts'
import type { JobName, JobTable } from './job.ts'
import { peakMemory } from './peak-memory.ts'
import { readChangesBare } from './read-changes-bare.ts'
import { readFeed } from './read-feed.ts'
import { runDiff } from './run-diff.ts'
import { scanIntervals } from './scan-intervals.ts'
import { takeSnapshot } from './take-snapshot.ts'

const jobs: JobTable = { takeSnapshot, fetchBare, runDiff, readChangesBare, readFeed, scanIntervals, compareFullSnapshots, peakMemory }

keepHeapLean()

process.on('message', (message: { name: JobName; asked: never }) => {
  void jobs[message.name](message.asked).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})
process.once('disconnect', () => process.exit(0))
