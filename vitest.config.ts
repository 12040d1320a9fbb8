import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Integration tests talk to real servers on loopback; the bound is for hangs, not for speed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
