import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { pageFilesInTests } from './dev/page/build-page.mjs'
import { filesAlone, LongestFirst } from './dev/test-files.mjs'

const alone = filesAlone()

export default defineConfig({
  plugins: [pageFilesInTests()],
  test: {
    // Integration tests talk to real servers on loopback; the bound is for hangs, not for speed.
    testTimeout: 60_000,
    // Some wait for servers in processes of their own, or for time that has to pass: one worker more than processors leaves none of these idle.
    maxWorkers: availableParallelism() + 1,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: alone, isolate: false } },
    ],
  },
})
