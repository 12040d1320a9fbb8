import { addTally, type Tally, tallyOf } from './tally.ts'

interface Entry {
  machineId: string
  tally: Tally | undefined
}

/**
 * How far a phase has come, when machines are settled out of order: the cursor is the last machine up to which all are settled,
 * and the tally counts those machines and no others, so that a slice resumed at the cursor counts nothing twice.
 */
export class SettledPrefix {
  readonly #entries: Entry[] = []
  #cursor: string | null
  #tally: Tally = tallyOf({})

  constructor(cursor: string | null) {
    this.#cursor = cursor
  }

  get cursor(): string | null {
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
      this.#tally = addTally(this.#tally, first.tally)
      this.#cursor = first.machineId
      this.#entries.shift()
      first = this.#entries[0]
    }
  }
}
