import packageJson from '../../package.json' with { type: 'json' }
import { buildApp } from './app.ts'
import { printBanner } from './guide.ts'
import { parseStartOptions, startHelp, type StartOptions } from './options.ts'
import { Interrupted, INTERRUPTED_EXIT_CODE, Session, UserError } from './session.ts'
import { createTerminal, type Terminal } from './terminal.ts'

/** What `npm start` does once everything is installed. Sets the exit code of the process. */
export async function start(args: string[]): Promise<void> {
  const parsed = parseStartOptions(args)
  if (parsed.kind === 'options') return runToEnd(parsed.options)
  if (parsed.kind === 'help') console.log(startHelp)
  else if (parsed.kind === 'version') console.log(packageJson.version)
  else console.error(`${parsed.detail} npm start -- --help tells what there is.`)
  process.exitCode = parsed.kind === 'problem' ? 2 : 0
}

async function runToEnd(options: StartOptions): Promise<void> {
  const terminal = createTerminal(process.stdout, process.env)
  const session = new Session(terminal)
  let exitCode: number
  try {
    printBanner(options, terminal)
    terminal.draw(terminal.paint('dim', '  building the function app'))
    await buildApp().finally(() => {
      terminal.draw('')
      session.throwIfInterrupted()
    })
    exitCode = await run(options, session)
  } catch (error) {
    exitCode = explain(error, options, terminal)
  }
  await session.close()
  // Whatever a library still holds open, a tick that was broken off above all, is of no use any more.
  process.exit(exitCode)
}

/** Loads only what is needed, and only after the first words are on the screen. */
async function run(options: StartOptions, session: Session): Promise<number> {
  if (options.kind === 'demo') return (await import('./demo.ts')).runDemo(options, session)
  if (options.kind === 'many') return (await import('./many.ts')).runMany(options, session)
  return (await import('./tenant.ts')).runTenant(options, session)
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
