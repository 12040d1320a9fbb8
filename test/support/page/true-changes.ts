import type { Ledger } from '../../../dev/oracle/ledger.ts'
import { APPEARED, countBy, RESOLVED } from '../../../dev/oracle/words.ts'

/** Every change from the first look to the last, by reason; reasons of which there are none are left out. */
export function reasonsOf(ledger: Ledger): Record<string, number> {
  const intervals = ledger.intervals().map(({ interval }) => interval)
  const appeared = countBy(
    APPEARED,
    intervals.filter(({ opened }) => opened !== ledger.first).map(({ reason }) => reason),
  )
  const resolved = countBy(
    RESOLVED,
    intervals.flatMap(({ end }) => (end ? [end.reason] : [])),
  )
  return Object.fromEntries(Object.entries({ ...appeared, ...resolved }).filter(([, count]) => count > 0))
}

/** `installed 529`, as figures. */
export const countsOf = (texts: readonly string[]): Record<string, number> =>
  Object.fromEntries(texts.map((text) => text.split(' ')).map(([name = '', count = '']) => [name, Number(count.replaceAll(',', ''))]))
