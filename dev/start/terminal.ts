/** What is written to; `process.stdout` is one. */
export interface Output {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

// https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters
const styles = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const

export type Style = keyof typeof styles

/** A place where lines are written, the last of which may be redrawn. */
export interface Terminal {
  /** Characters of a line. */
  readonly columns: number
  /** Whether a line can be redrawn: on a terminal, not in a log. */
  readonly isLive: boolean
  /** The text in a style, or as it is where styles are not wanted. */
  paint(style: Style, text: string): string
  /** Writes lines for good; a redrawn line that is under way gives way to them. */
  print(...lines: string[]): void
  /** Draws a line over what was drawn last; does nothing in a log. */
  draw(line: string): void
  /** The same with several lines. */
  drawAll(lines: readonly string[]): void
}

const fallbackColumns = 80
/** Beyond this, columns drift too far apart to be read. */
const mostColumns = 100
const clearLine = '\r\u001b[2K'
const lineUp = '\u001b[1A'

/** `NO_COLOR` asks for plain text: https://no-color.org */
export function createTerminal(output: Output, environment: Record<string, string | undefined>): Terminal {
  const isTerminal = output.isTTY === true && environment['TERM'] !== 'dumb'
  const isPainted = isTerminal && !environment['NO_COLOR']
  let drawn = ''
  const clear = (): string => (drawn === '' ? '' : clearLine + `${lineUp}${clearLine}`.repeat(drawn.split('\n').length - 1))
  const draw = (text: string): void => {
    if (!isTerminal || text === drawn) return
    output.write(clear() + text)
    drawn = text
  }
  return {
    get columns() {
      return Math.min(mostColumns, output.columns ?? fallbackColumns)
    },
    isLive: isTerminal,
    paint: (style, text) => (isPainted && text !== '' ? inStyle(style, text) : text),
    print(...lines) {
      output.write(clear() + lines.map((line) => `${line}\n`).join(''))
      drawn = ''
    },
    draw,
    drawAll: (lines) => draw(lines.join('\n')),
  }
}

function inStyle(style: Style, text: string): string {
  const [on, off] = styles[style]
  return `\u001b[${on}m${text}\u001b[${off}m`
}
