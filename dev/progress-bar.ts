export interface ProgressState {
  /** What is being done, for a person. */
  label: string
  done: number
  total: number
  /** After the bar: the date it is at, a count. */
  note?: string
}

/** Where a progress bar is drawn; `process.stderr` is one. */
export interface ProgressOutput {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

export interface ProgressBar {
  update(state: ProgressState): void
  /** Ends the line, so that what follows starts on its own. */
  end(): void
}

const barWidth = { least: 10, most: 40 }
const clearLine = '\r\u001b[2K'

/** One line of at most `columns` characters: `history ━━━━━━────── 42 % 2026-03-01`. The note is cut first, then the bar goes. */
export function renderProgress({ label, done, total, note = '' }: ProgressState, columns: number): string {
  const fraction = total > 0 ? Math.min(1, Math.max(0, done / total)) : 1
  const percent = `${Math.floor(fraction * 100)} %`
  const free = columns - label.length - percent.length - note.length - 3
  const width = Math.min(barWidth.most, free)
  const bar = width < barWidth.least ? '' : '━'.repeat(Math.round(fraction * width)).padEnd(width, '─')
  return [label, bar, percent, note].filter(part => part !== '').join(' ').slice(0, columns)
}

/** A line that redraws itself on a terminal. Elsewhere, as in a log, one plain line per tenth. */
export function progressBar(output: ProgressOutput): ProgressBar {
  return output.isTTY ? terminalBar(output) : plainLines(output)
}

function terminalBar(output: ProgressOutput): ProgressBar {
  let drawn = ''
  return {
    update(state) {
      const line = renderProgress(state, output.columns ?? 80)
      if (line !== drawn) output.write(clearLine + line)
      drawn = line
    },
    end() {
      if (drawn) output.write('\n')
      drawn = ''
    },
  }
}

function plainLines(output: ProgressOutput): ProgressBar {
  let last = ''
  return {
    update(state) {
      const tenth = state.total > 0 ? Math.floor((state.done / state.total) * 10) : 10
      const step = `${state.label} ${tenth}`
      if (step === last) return
      last = step
      output.write(`${[`${state.label} ${tenth * 10} %`, state.note].filter(Boolean).join(' ')}\n`)
    },
    end: () => undefined,
  }
}
