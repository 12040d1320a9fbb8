export const REFERENCE_MS = Date.UTC(2026, 10, 21, 10)
export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
