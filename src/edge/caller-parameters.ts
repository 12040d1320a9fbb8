import { decoded } from './decoded.ts'
import { quote } from './quote.ts'
import { Refusal } from './refusal.ts'

/** Parameters of the platform: accepted everywhere, echoed nowhere. `code` is the function key. */
const PLATFORM_PARAMETERS: readonly string[] = ['code', 'clientid']

/** Whether a name of a query, encoded, is one of the platform's, which the Functions host reads in any letter case. */
export const isPlatformParameter = (encoded: string): boolean =>
  PLATFORM_PARAMETERS.includes((decodedPiece(encoded) ?? encoded).toLowerCase())

/** No name or id that is asked for holds one. */
const CONTROL_CHARACTER = /\p{Cc}/u

/**
 * The parameters of a query in their order, without the platform's. Throws a `Refusal` for what is not encoded as a query is:
 * `URLSearchParams` would make U+FFFD of it, or leave it as it is, and the answer be that to another question. So it does for what holds a
 * `refused` character.
 */
export function callerParameters({ search }: Pick<URL, 'search'>, refused = CONTROL_CHARACTER): [name: string, text: string][] {
  return search
    .slice(1)
    .split('&')
    .filter((piece) => piece !== '')
    .map(splitPiece)
    .filter(([name]) => !isPlatformParameter(name))
    .map(([name, text]) => [readable(name, name, refused), readable(text, name, refused)])
}

function splitPiece(piece: string): [name: string, text: string] {
  const [, name = '', text = ''] = /^([^=]*)=?(.*)$/s.exec(piece) ?? []
  return [name, text]
}

/** https://url.spec.whatwg.org/#application/x-www-form-urlencoded, but strict; undefined for what is no encoded UTF-8. */
const decodedPiece = (encoded: string) => decoded(encoded.replaceAll('+', ' '))

function readable(encoded: string, name: string, refused: RegExp): string {
  const text = decodedPiece(encoded)
  if (text !== undefined && !refused.test(text)) return text
  const shown = quote(text ?? encoded)
  const what = text === undefined ? `${shown} is not encoded as a query is: %25 is a percent sign` : `${shown} holds a control character`
  const parameter = decodedPiece(name) ?? name
  throw new Refusal('invalidParameter', `${quote(parameter)} cannot be read: ${what}.`, parameter.slice(0, NAME_CHARACTERS))
}

/** Of a name that the caller made up. */
const NAME_CHARACTERS = 100
