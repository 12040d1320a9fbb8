import { createTerminal, type Terminal } from '../../../dev/start/terminal.ts'

interface Wanted {
  columns?: number
  isTTY?: boolean
  environment?: Record<string, string>
}

/** A terminal of so many columns, and all that was written to it. */
export function recordingTerminal({ columns = 80, isTTY = true, environment = { NO_COLOR: '1' } }: Wanted = {}): Terminal & {
  written: string[]
} {
  const written: string[] = []
  const terminal = createTerminal({ isTTY, columns, write: (text) => written.push(text) }, environment)
  return Object.defineProperties(terminal, { written: { value: written } }) as Terminal & { written: string[] }
}
