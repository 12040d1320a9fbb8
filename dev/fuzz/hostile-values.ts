import type { Random } from './random.ts'
import { rawToken } from './raw-json.ts'

/** Values that are not what was asked for. */
const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  1e308,
  '',
  ' ',
  '\t\n',
  'null',
  'NaN',
  '-1',
  '1e3',
  '07',
  ' 42 ',
  '[object Object]',
  '*',
  '|',
  'a|b',
  '/\\#?%',
  "'; or '1' eq '1",
  '<script>alert(1)</script>',
  '=cmd()',
  '../..',
  [],
  {},
  [[]],
  [null],
  [{}],
  { id: null },
  { value: [] },
  '0001-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '9999-12-31T23:59:59.9999999Z',
  '2026-13-45T99:99:99Z',
  '1969-01-01T00:00:00Z',
  ...['NaN', 'Infinity', '-0', '1e999', '-1e999', '1e-400', '9007199254740993', '123456789012345678901234567890'].map(rawToken),
  ...['undefined', "'x'", '"\\ud800"', '"\\udfff\\ud800"', '"\\u0000"', '"\\x"', '01', '.5', '"', '[', '}'].map(rawToken),
]

const ODD_CHARACTERS = [
  ...['\u0000', '\u0002', '\u007f', '\u0085', '\u00a0', '\u00ad', '\u200b', '\u200e', '\u202e', '\u2028'],
  ...['\u2029', '\u2066', '\ufeff', '\ufffd', '\uffff', '\u{1f600}', '\u{e0001}', 'e\u0301', 'ſ', 'K', 'İ', '漢'],
  ...['\r\n', '\t', ' ', "'", '"', '\\', '/', '#', '?', '%2f', ':0041', '|', '~', '}'],
]

export const oddValue = (random: Random): unknown =>
  random.oneOf<unknown>([
    () => structuredClone(random.pick(VALUES)),
    () => structuredClone(random.pick(VALUES)),
    () => structuredClone(random.pick(VALUES)),
    () => oddText(random, 'x'),
    () => longText(random),
    () => deep(random.pick([5, 31, 33, 200, 20_000]), random.isIn(0.5)),
    () => Array.from({ length: random.pick([1, 2, 50, 3_000]) }, (_, index) => (random.isIn(0.5) ? index : `p${index}`)),
  ])

/** A text with something in it that a key, a row, a log or a parser may stumble over. */
export const oddText = (random: Random, text: string): string =>
  random.oneOf([
    () => text + random.pick(ODD_CHARACTERS),
    () => random.pick(ODD_CHARACTERS) + text,
    () => text.slice(0, 2) + random.pick(ODD_CHARACTERS) + text.slice(2),
    () => text.toUpperCase(),
    () => ` ${text} `,
    () => text + random.pick(ODD_CHARACTERS).repeat(random.pick([1, 40, 99])),
  ])

const longText = (random: Random) =>
  random.pick(['x', 'é', '😀', 'a b ', '\u2028', '\u0000']).repeat(random.pick([99, 101, 400, 1_000, 1_001, 25_001, 33_000]))

/** Written by hand: no tree so deep can be. */
function deep(levels: number, isObject: boolean): string {
  return rawToken(isObject ? `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}` : `${'['.repeat(levels)}${']'.repeat(levels)}`)
}
