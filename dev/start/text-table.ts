export interface Column {
  title: string
  align?: 'left' | 'right'
}

export interface TextTable {
  header: string
  rows: string[]
}

/** Cells in columns that are as wide as they must be, and a line no longer than `columns` characters: the last column is cut. */
export function textTable(shape: readonly Column[], cells: readonly (readonly string[])[], columns: number): TextTable {
  const widths = shape.map(({ title }, index) => Math.max(title.length, ...cells.map((row) => row[index]?.length ?? 0)))
  const line = (row: readonly string[]): string => {
    const text = row
      .map((cell, index) => pad(cell, widths[index] ?? 0, shape[index]?.align))
      .join('  ')
      .trimEnd()
    return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`
  }
  return { header: line(shape.map(({ title }) => title)), rows: cells.map(line) }
}

const pad = (cell: string, width: number, align: Column['align']): string => (align === 'right' ? cell.padStart(width) : cell.padEnd(width))
