import { setTimeout as sleep } from 'node:timers/promises'

/** 128 + SIGINT, as shells count it. */
export const INTERRUPTED_EXIT_CODE = 130

/** Thrown where work ends because the person asked for it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** Aborts at the first Ctrl+C or SIGTERM; the second one ends the process on the spot. */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(INTERRUPTED_EXIT_CODE)
      controller.abort(new Interrupted())
    })
  }
  return controller.signal
}

/** Waits, but no longer than until the signal aborts; then it throws `Interrupted`. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
  signal.throwIfAborted()
}
