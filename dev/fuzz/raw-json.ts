/**
 * JSON as no honest writer makes it: a raw token may stand wherever a value may, and a name may come twice. A tree of plain values, in which
 * such things are texts that no other text looks like.
 */
const MARK = '\u0001'

/** A token that is put down as it is: `NaN`, `1e999`, `"\ud800"`. */
export const rawToken = (token: string): string => `${MARK}raw:${Buffer.from(token).toString('hex')}${MARK}`

/** A name that comes a second time; `nth` keeps it apart from the first. */
export const sameName = (name: string, nth = 2): string => `${name}${MARK}same:${nth}${MARK}`

export function writeJson(tree: unknown): string {
  return JSON.stringify(tree)
    .replaceAll(/"\\u0001raw:([0-9a-f]*)\\u0001"/g, (_, hex: string) => Buffer.from(hex, 'hex').toString())
    .replaceAll(/\\u0001same:\d+\\u0001/g, '')
}
