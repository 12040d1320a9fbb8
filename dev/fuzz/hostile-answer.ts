import { encoded, flipped } from './hostile-bytes.ts'
import { otherStatus } from './hostile-status.ts'
import { mutate } from './mutate-json.ts'
import type { Random } from './random.ts'
import { writeJson } from './raw-json.ts'
import { SECRET } from './secrets.ts'
import { FRAMINGS, plainAnswer, type WireAnswer } from './wire-answer.ts'

type Tree = Record<string, unknown>

/** What an answer is made from. */
export interface Given {
  /** Makes the answer that would be right, afresh each time. */
  polite: () => Tree
  /** The part of it in which a change touches nobody but the one who is attacked. */
  within: (tree: Tree) => { tree: Tree; depth: number }
  /** An address of another host, to which no call may go. */
  foreignUrl: string
  /** The address that was asked for. */
  path: string
  /** No other machine stands in the answer. */
  isAlone: boolean
}

/** One answer that is not what it should be, of any kind. */
export function hostileAnswer(given: Given, random: Random): WireAnswer {
  const polite = () => plainAnswer('as usual', writeJson(given.polite()))
  return random.oneOf([
    () => mutated(given, random),
    () => mutated(given, random),
    () => mutated(given, random),
    () => encoded(random.isIn(0.8) ? polite() : mutated(given, random), random),
    () => otherStatus(polite(), random, given.foreignUrl),
    () => otherStatus(polite(), random, given.foreignUrl),
    () => linked(given, random),
    () => ({ ...polite(), framing: random.pick(FRAMINGS), label: 'framing' }),
    () => sized(given, random),
    () => (given.isAlone ? flipped(polite(), random) : encoded(polite(), random)),
    () => otherClaim(given, random),
  ])
}

function mutated({ polite, within }: Given, random: Random): WireAnswer {
  const tree = polite()
  const changes = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => mutate(within(tree), random))
  return plainAnswer(changes.join(', '), writeJson(tree))
}

/** Well-formed, and perhaps a lie. */
function otherClaim({ polite }: Given, random: Random): WireAnswer {
  return random.oneOf([
    () => plainAnswer('an empty list', '{"value":[]}'),
    () => plainAnswer('an empty list', '{"value":[]}'),
    () => plainAnswer('an empty list, and an error', '{"value":[],"error":{"code":"x","message":"y"}}'),
    () => plainAnswer('an empty list, and another count', writeJson({ ...polite(), value: [], '@odata.count': random.pick([3, '7', 0]) })),
    () => plainAnswer('rows without ids', '{"value":[{"id":null},{"id":""},{}]}'),
    () => plainAnswer('no list', random.pick(['null', '[]', '{}', '""', '0', '{"value":{}}', '{"value":null}'])),
  ])
}

/** Pages that go round in circles, to another host, nowhere, or are cut off. */
function linked({ polite, foreignUrl, path }: Given, random: Random): WireAnswer {
  const page = random.pick(['?page=2', '?page=2&x=%20', '?$skip=1'])
  const link = random.pick<unknown>([
    `${path}${page}`,
    `${path}${page}`,
    page,
    path,
    '',
    '#',
    `${foreignUrl}${path}${page}&sig=${SECRET}`,
    `//${foreignUrl.replace(/^http:../, '')}${path}`,
    'http://[::1',
    'javascript:alert(1)',
    `${path}?${'x'.repeat(20_000)}`,
    7,
    [`${path}${page}`],
  ])
  const answer = (value: Tree) => plainAnswer(`a link to ${String(link).slice(0, 60)}`, writeJson(value))
  const next = random.oneOf<'same' | WireAnswer | undefined>([
    () => 'same',
    () => plainAnswer('the last page', '{"value":[]}'),
    () => ({ ...plainAnswer('', '{}'), status: 500 }),
    () => ({ ...plainAnswer('', writeJson(polite())), framing: 'cut' }),
    () => undefined,
  ])
  const first = answer({ ...polite(), ...(random.isIn(0.5) && { value: [] }), '@odata.nextLink': link })
  return { ...first, ...(next && { next }) }
}

/** Too much of something. */
function sized({ polite, within, isAlone }: Given, random: Random): WireAnswer {
  const tree = polite()
  if (!isAlone)
    return plainAnswer('one row many times', writeJson({ ...tree, value: Array.from({ length: 1_500 }, () => within(tree).tree) }))
  const [row = {}] = (tree['value'] ?? []) as Tree[]
  const id = (index: number) => `9${String(index).padStart(6, '0')}`
  const rows = (count: number, more: (index: number) => Tree) => {
    tree['value'] = Array.from({ length: count }, (_, index) => ({ ...row, ...more(index) }))
  }
  const isHuge = random.isIn(0.1)
  const what = isHuge
    ? huge(rows, random)
    : random.oneOf([
        () => (rows(random.pick([97, 98, 99, 100, 250]), (index) => ({ id: id(index) })), 'many rows'),
        () => (rows(random.pick([500, 1_500]), () => ({})), 'one row many times'),
        () => (rows(random.pick([60, 400]), (index) => ({ id: '5000001', productsNames: [`p${index}`] })), 'one row, many products'),
        () => (rows(1, () => ({ productsNames: Array.from({ length: 6_000 }, (_, index) => `product ${index}`) })), 'many products'),
        () => (rows(3, (index) => ({ id: id(index), name: 'x'.repeat(100_000) })), 'long texts'),
        () => (rows(2, (index) => ({ id: 'é'.repeat(79 + index) })), 'long ids'),
      ])
  return plainAnswer(what, writeJson(tree))
}

/** What costs nothing where the cost grows with the size, and minutes where it grows with its square. */
function huge(rows: (count: number, more: (index: number) => Tree) => void, random: Random): string {
  return random.oneOf([
    () => (
      rows(45_000, (index) => ({ id: '5000001', productsNames: [`product ${index}`] })),
      'one row very many times, each of another product'
    ),
    () => (rows(20_000, (index) => ({ id: `${9_000_000 + index}` })), 'very many rows'),
    () => (rows(60_000, () => ({})), 'more rows than are read'),
    () => (rows(1, () => ({ name: 'x'.repeat(17 * 1024 * 1024) })), 'more bytes than are read'),
  ])
}
