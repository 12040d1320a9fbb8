/** A bar of `width` characters, as full as `share` (0 to 1) says; split, so that the two parts can be painted. */
export function barOf(share: number, width: number): { done: string; rest: string } {
  const fraction = Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0
  // Full only when all is done, and empty only when nothing is.
  const rounded = Math.round(fraction * width)
  const filled = fraction < 1 ? Math.min(rounded, width - 1) : width
  return { done: '━'.repeat(Math.max(0, filled)), rest: '─'.repeat(Math.max(0, width - Math.max(0, filled))) }
}
