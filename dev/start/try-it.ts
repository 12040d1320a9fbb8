import { dayOf } from './numbers.ts'
import type { Terminal } from './terminal.ts'

/** A line to copy, and what it is for. */
export interface Suggestion {
  command: string
  about: string
}

/** The calls worth trying first, against an API at `url` whose history begins at `since`. */
export function suggestions(url: string, since: string): Suggestion[] {
  const api = `${url}/api`
  return [
    { about: 'all snapshots, newest first', command: `curl ${api}/snapshots` },
    { about: 'what changed, for Excel', command: `curl '${api}/diffs?from=${dayOf(since)}&to=latest&format=csv'` },
    { about: 'the API, described', command: `curl ${api}/openapi.json` },
    { about: 'is all well?', command: `curl ${api}/health` },
    { about: 'a snapshot now', command: `curl -X POST ${api}/sync` },
  ]
}

/** Each on a line of its own, so that copying it takes nothing else along. */
export function printSuggestions(terminal: Terminal, given: readonly Suggestion[]): void {
  terminal.print('', terminal.paint('bold', 'Try it'))
  for (const { about, command } of given) terminal.print(terminal.paint('dim', `  # ${about}`), `  ${command}`)
}
