export interface DaxReferences {
  /** `Table[column]`, as `Table.column`. */
  columns: string[]
  /** `[x]` without a table: a measure, or a column of the table at hand. */
  bare: string[]
  /** Names that stand alone: tables, unless they are variables. */
  names: string[]
  variables: string[]
  functions: string[]
}

/** `VAR x`, `'T'[c]` or `T[c]`, `[m]`, `f(`, and other names; what is neither is skipped. */
const TOKEN = /\bVAR\s+(?<variable>\w+)|(?<table>'(?:[^']|'')+'|\b[A-Za-z_]\w*)\[(?<column>[^\]]+)\]|\[(?<bare>[^\]]+)\]|\b(?<called>[A-Z][A-Z0-9.]*)\s*\(|'(?<quoted>(?:[^']|'')+)'|\b(?<name>[A-Za-z_]\w*)\b/g

const WORDS = new Set(['RETURN', 'IN', 'NOT', 'SECOND', 'MINUTE', 'STRING', 'INTEGER'])

/** What a DAX expression refers to. No parser: it tells names apart by what stands beside them, which is enough to find one that does not exist. */
export function daxReferences(expression: string): DaxReferences {
  const found: DaxReferences = { columns: [], bare: [], names: [], variables: [], functions: [] }
  for (const { groups = {} } of withoutText(expression).matchAll(TOKEN)) {
    const { variable, table, column, bare, called, quoted, name } = groups
    if (variable) found.variables.push(variable)
    else if (table) found.columns.push(`${table.replace(/^'|'$/g, '')}.${column}`)
    else if (bare) found.bare.push(bare)
    else if (called) found.functions.push(called)
    else if (quoted) found.names.push(quoted)
    else if (name && !WORDS.has(name)) found.names.push(name)
  }
  found.functions = found.functions.filter((called) => !WORDS.has(called))
  found.names = found.names.filter((name) => !found.variables.includes(name))
  return found
}

const withoutText = (expression: string) =>
  expression.replace(/"(?:[^"]|"")*"/g, '""').replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/(\/\/|--).*$/gm, ' ')

/** Whether brackets pair up, outside of strings. */
export function isBalanced(expression: string): boolean {
  const open: string[] = []
  const pairs: Record<string, string> = { ')': '(', ']': '[', '}': '{' }
  for (const character of withoutText(expression)) {
    if ('([{'.includes(character)) open.push(character)
    else if (character in pairs && open.pop() !== pairs[character]) return false
  }
  return open.length === 0
}
