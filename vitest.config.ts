import { defineConfig } from 'vitest/config'
import { pageFilesInTests } from './dev/page/build-page.mjs'

export default defineConfig({
  plugins: [pageFilesInTests()],
  test: {
    include: ['test/**/*.test.ts'],
    // Integration tests talk to real servers on loopback; the bound is for hangs, not for speed.
    testTimeout: 60_000,
    // Much of the time goes to servers in processes of their own: one worker fewer than processors, the default, leaves one idle.
    maxWorkers: '100%',
    hookTimeout: 60_000,
  },
})
