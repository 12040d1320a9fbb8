import { counted, durationOf } from './numbers.ts'
import type { DemoOptions, StartOptions } from './options.ts'
import type { Terminal } from './terminal.ts'

/** What is about to happen, and how long it takes. */
export function printBanner(options: StartOptions, terminal: Terminal): void {
  const lines = options.kind === 'demo' ? demoLines(options) : tenantLines(options.tenantId)
  terminal.print('', `${terminal.paint('bold', 'patchtrail')}  which machine missed which Windows update, when, and why it stopped`, '')
  terminal.print(...lines.map((line) => `  ${line}`), '')
}

function demoLines(options: DemoOptions): string[] {
  const { machines, weeks } = options
  return [
    `${counted(machines, 'simulated machine')}, ${counted(weeks, 'weekly snapshot')}, on a clock that skips waits.`,
    "Defender's quota holds all the same: 50 calls a minute, 1,500 an hour.",
    `Nothing leaves this computer: no account, no network. It takes about ${durationOf(estimateSeconds(options))}.`,
  ]
}

function tenantLines(tenantId: string): string[] {
  return [
    `Tenant ${tenantId}, read with your own sign-in.`,
    'At 50 calls a minute and 1,500 an hour, 1,000 machines take 20 minutes.',
    'What it finds stays on this computer. Stop any time; the next start goes on.',
  ]
}

/** Measured on two cores; Azurite commits the first observation of every machine on its own. */
const SECONDS = { start: 4, firstOfMachine: 0.02, laterOfMachine: 0.006 }

/** Roughly how long the demo takes, rounded up to 5 s. */
export function estimateSeconds({ machines, weeks }: Pick<DemoOptions, 'machines' | 'weeks'>): number {
  const seconds = SECONDS.start + machines * (SECONDS.firstOfMachine + (weeks - 1) * SECONDS.laterOfMachine)
  return Math.ceil(seconds / 5) * 5
}
