import type { ServedApp } from './app.ts'
import type { Session } from './session.ts'

const TIMER = 'catalogue'

/** Runs the timer that reads what is public about KBs, where there is one. A failure is told, and disturbs nothing else. */
export async function readPublicFacts({ app, session }: Pick<ServedApp, 'app'> & { session: Session }): Promise<void> {
  if (!app.functions.some(({ name }) => name === TIMER)) return
  try {
    await app.runTimer(TIMER)
  } catch (error) {
    if (session.isInterrupted) return
    const problem = error instanceof Error ? error.message : String(error)
    session.terminal.print(session.terminal.paint('yellow', `  Public facts about KBs were not read: ${problem}`))
  }
}
