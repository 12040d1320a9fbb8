// @ts-check

/** What bash and PowerShell both take as it stands. */
const PLAIN = /^[A-Za-z0-9_.-]+$/
/** What either changes between double quotes: names, commands, escapes, bash's history. */
const CHANGED_IN_QUOTES = /["$`\\!]/

/**
 * A value as an argument of a printed command, for bash and PowerShell alike: `rg(prod)` becomes `'rg(prod)'`. Only what has an apostrophe
 * and a character that double quotes do not keep has no form in common, and is written for bash.
 * @param {string} value
 */
export function quoted(value) {
  if (PLAIN.test(value)) return value
  if (!value.includes("'")) return `'${value}'`
  return CHANGED_IN_QUOTES.test(value) ? `'${value.replaceAll("'", `'\\''`)}'` : `"${value}"`
}
