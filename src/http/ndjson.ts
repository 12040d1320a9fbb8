/** Rows turned to text at a time. */
const CHUNK_ROWS = 500

/** Rows as one JSON object a line, in pieces. https://github.com/ndjson/ndjson-spec */
export function* toNdjson(rows: readonly object[]): Generator<string> {
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    yield rows
      .slice(start, start + CHUNK_ROWS)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join('')
  }
}
