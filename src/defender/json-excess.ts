import type { AnswerLimits } from './policy.ts'

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
/** `[` and `{`, `]` and `}`: each pair differs in one bit from the other. */
const [OPENS, OPENS_OBJECT, CLOSES, CLOSES_OBJECT] = [0x5b, 0x7b, 0x5d, 0x7d]

/**
 * Why JSON is too much to be decoded, or undefined where it is not: told from the text in one pass, before anything is built of it. Text
 * that is no JSON is left for the parser to refuse.
 */
export function jsonExcess(text: string, limits: Pick<AnswerLimits, 'values' | 'depth'>): string | undefined {
  let values = 1
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === QUOTE) at = endOfString(text, at)
    else if (character === OPENS || character === OPENS_OBJECT) {
      values++
      depth++
    } else if (character === CLOSES || character === CLOSES_OBJECT) depth--
    else if (character === COMMA) values++
    if (values > limits.values) return `has more than ${limits.values} values`
    if (depth > limits.depth) return `is more than ${limits.depth} levels deep`
  }
  return undefined
}

/** Where the string that begins at a quote ends; the text's end where it does not. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === QUOTE) return at
    if (character === BACKSLASH) at++
  }
  return text.length
}
