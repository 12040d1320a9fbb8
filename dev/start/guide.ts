import { pageSignIn } from '../../src/config/index.ts'
import type { DemoOptions, ManyOptions, StartOptions } from './options.ts'
import type { Terminal } from './terminal.ts'
import { counted, dayOf, durationOf } from './text.ts'

/** What is about to happen, and how long it takes. */
export function printBanner(options: StartOptions, terminal: Terminal): void {
  const lines = linesOf(options)
  terminal.print('', `${terminal.paint('bold', 'patchtrail')}  which machine missed which Windows update, when, and why it stopped`, '')
  terminal.print(...lines.map((line) => `  ${line}`), '')
}

function linesOf(options: StartOptions): string[] {
  if (options.kind === 'demo') return demoLines(options)
  return options.kind === 'many' ? manyLines(options) : tenantLines(options.tenantId)
}

const manyLines = ({ tenants, days }: ManyOptions): string[] => [
  `${counted(tenants, 'simulated customer')} in one app, ${counted(days, 'daily snapshot')}, over a queue, on a clock that skips waits.`,
  "Each has a Defender, a quota and a token of its own: one refuses the app, one's Defender is out of breath.",
  'Nothing leaves this computer: no account, no network.',
]

const demoLines = (options: DemoOptions): string[] => [
  `${counted(options.machines, 'simulated machine')}, ${counted(options.weeks, 'weekly snapshot')}, on a clock that skips waits.`,
  "Defender's quota holds all the same: 50 calls a minute, 1,500 an hour.",
  `Nothing leaves this computer: no account, no network. It takes about ${durationOf(estimateSeconds(options))}.`,
]

const tenantLines = (tenantId: string): string[] => [
  `Tenant ${tenantId}, read with your own sign-in.`,
  'At 50 calls a minute and 1,500 an hour, 1,000 machines take 20 minutes.',
  'What it finds stays on this computer. Stop any time; the next start goes on.',
]

/** Measured on two cores; Azurite commits the first observation of every machine on its own. */
const SECONDS = { start: 4, firstOfMachine: 0.02, laterOfMachine: 0.006 }

/** Roughly how long the demo takes, rounded up to 5 s. */
export function estimateSeconds({ machines, weeks }: Pick<DemoOptions, 'machines' | 'weeks'>): number {
  const seconds = SECONDS.start + machines * (SECONDS.firstOfMachine + (weeks - 1) * SECONDS.laterOfMachine)
  return Math.ceil(seconds / 5) * 5
}

/** A line to copy, and what it is for. */
export interface Suggestion {
  command: string
  about: string
}

/** In Windows PowerShell `curl` is another program's name. Double quotes do in every shell. */
export const curlOf = (platform: NodeJS.Platform) => (platform === 'win32' ? 'curl.exe' : 'curl')

/** The calls worth trying first, against an API at `url` whose history begins at `since`. */
export function suggestions(url: string, since: string, platform: NodeJS.Platform = process.platform): Suggestion[] {
  const api = `${url}/api`
  const curl = curlOf(platform)
  return [
    { about: 'how things stand', command: `${curl} ${api}/overview` },
    { about: 'all snapshots, newest first', command: `${curl} ${api}/snapshots` },
    { about: 'what changed, for Excel', command: `${curl} "${api}/diffs?from=${dayOf(since)}&to=latest&format=excel"` },
    { about: 'the API, described', command: `${curl} ${api}/openapi.json` },
    { about: 'is all well?', command: `${curl} ${api}/health` },
    { about: 'a snapshot now', command: `${curl} -X POST ${api}/sync` },
  ]
}

/** Where the app is, the page first; `beside` is worth a look, too. Of an app without the page, only the rest. */
export function printAddresses(terminal: Terminal, url: string, beside: string): void {
  const page = pageAddress(url)
  if (page !== undefined) terminal.print(`  ${terminal.paint('bold', page)}`)
  terminal.print(terminal.paint('dim', `  API ${url}/api   ${beside}`))
}

/** Undefined where the settings of this process say that there is no page. */
const pageAddress = (url: string) => (pageSignIn(process.env) === 'off' ? undefined : `${url}/api/page/`)

/** What to open, and what to try: each on a line of its own, so that copying it takes nothing else along. */
export function printSuggestions(terminal: Terminal, url: string, given: readonly Suggestion[]): void {
  const page = pageAddress(url)
  if (page !== undefined) terminal.print('', terminal.paint('bold', 'Open it'), `  ${page}`)
  terminal.print('', terminal.paint('bold', 'Try it'))
  for (const { about, command } of given) terminal.print(terminal.paint('dim', `  # ${about}`), `  ${command}`)
}
