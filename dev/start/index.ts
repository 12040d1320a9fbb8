import { printBanner } from './banner.ts'
import { buildQuietly } from './build-quietly.ts'
import { Closing } from './closing.ts'
import { Interrupted, interruption, INTERRUPTED_EXIT_CODE } from './interruption.ts'
import { parseStartOptions, startHelp, type StartOptions } from './options.ts'
import { createTerminal, type Terminal } from './terminal.ts'
import { UserError } from './user-error.ts'

/** What `npm start` does once everything is installed. Sets the exit code of the process. */
export async function start(args: string[]): Promise<void> {
  const parsed = parseStartOptions(args)
  if (parsed.kind === 'options') return runToEnd(parsed.options)
  if (parsed.kind === 'help') console.log(startHelp)
  else console.error(`${parsed.detail}\n\n${startHelp}`)
  process.exitCode = parsed.kind === 'help' ? 0 : 2
}

async function runToEnd(options: StartOptions): Promise<void> {
  const terminal = createTerminal(process.stdout, process.env)
  const signal = interruption()
  const closing = new Closing()
  let exitCode: number
  try {
    printBanner(options, terminal)
    await buildQuietly(terminal)
    signal.throwIfAborted()
    exitCode = await run(options, terminal, signal, closing)
  } catch (error) {
    exitCode = explain(error, options, terminal)
  }
  await closing.close()
  // Whatever a library still holds open, a tick that was broken off above all, is of no use any more.
  process.exit(exitCode)
}

/** Loads only what is needed, and only after the first words are on the screen. */
async function run(options: StartOptions, terminal: Terminal, signal: AbortSignal, closing: Closing): Promise<number> {
  if (options.kind === 'demo') return (await import('./demo.ts')).runDemo(options, terminal, signal, closing)
  return (await import('./tenant.ts')).runTenant(options, terminal, signal, closing)
}

/** Says what went wrong; the exit code. */
function explain(error: unknown, { once }: StartOptions, terminal: Terminal): number {
  if (error instanceof Interrupted) {
    terminal.print('', 'Stopped.')
    // Without --once, Ctrl+C is the way to end it.
    return once ? INTERRUPTED_EXIT_CODE : 0
  }
  const isExpected = error instanceof UserError
  const text = error instanceof Error ? (isExpected ? error.message : (error.stack ?? error.message)) : String(error)
  terminal.print('', terminal.paint('red', isExpected ? text : `Failed. ${text}`))
  return 1
}
