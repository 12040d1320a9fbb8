/** Reads CSV by the letter of RFC 4180: fields between commas, records between CRLF, quotes doubled within quotes. Throws for anything else. */
export function readCsv(text: string): string[][] {
  const records: string[][] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy
  let record: string[] = []
  while (field.lastIndex < text.length || record.length > 0) {
    const start = field.lastIndex
    const found = field.exec(text)
    if (!found) throw new Error(`no field at ${start}: ${text.slice(start, start + 40)}`)
    record.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (found[3] === ',') continue
    records.push(record)
    record = []
  }
  return records
}
