/** Whether a filter of `A op 'text' and …`, as spans have them, takes a row. */
export function matchesFilter(filter: string, row: { partition: string; row: string }): boolean {
  const conditions = [...filter.matchAll(/(PartitionKey|RowKey) (eq|g[et]|lt) '((?:[^']|'')*)'(?: and |$)/g)]
  if (conditions.map(([whole]) => whole).join('') !== filter) throw new Error(`The filter ${filter} was not understood.`)
  return conditions.every(([, name, operator, quoted = '']) => {
    const [value, text] = [name === 'RowKey' ? row.row : row.partition, quoted.replaceAll("''", "'")]
    if (operator === 'eq') return value === text
    if (operator === 'lt') return value < text
    return operator === 'gt' ? value > text : value >= text
  })
}
