/** What one settled machine adds to a snapshot's running counters. */
export interface Tally {
  observed: number
  unknown: number
  skipped: number
  removed: number
  notListed: number
}

export const tallyOf = (settled: Partial<Tally>): Tally => ({ observed: 0, unknown: 0, skipped: 0, removed: 0, notListed: 0, ...settled })

interface Entry {
  machineId: string
  tally: Tally | undefined
}

/**
 * How far a phase has come, when machines are settled out of order: the cursor is the last machine up to which all are settled,
 * and the tally counts those machines and no others, so that a slice resumed at the cursor counts nothing twice.
 */
export class Progress {
  readonly #entries: Entry[] = []
  #cursor: string
  readonly #tally: Tally = tallyOf({})

  constructor(cursor: string) {
    this.#cursor = cursor
  }

  get cursor(): string {
    return this.#cursor
  }

  get tally(): Readonly<Tally> {
    return this.#tally
  }

  /** A machine is taken up; ids must come in ascending order. The function returned settles it. */
  begin(machineId: string): (tally: Tally) => void {
    const entry: Entry = { machineId, tally: undefined }
    this.#entries.push(entry)
    return (tally) => {
      entry.tally = tally
      this.#advance()
    }
  }

  #advance(): void {
    let first = this.#entries[0]
    while (first?.tally) {
      for (const name of Object.keys(first.tally) as (keyof Tally)[]) this.#tally[name] += first.tally[name]
      this.#cursor = first.machineId
      this.#entries.shift()
      first = this.#entries[0]
    }
  }
}
