import { type MissingSince, snapshotIdOf, snapshotStartMs } from '../domain/index.ts'
import type { Column } from './columns.ts'
import { keyPart, keyPartToId } from './keys.ts'

/** As with the ids beside it: a string property holds 32K characters. */
const CACHE_CHARACTERS = 30_000

/** Of a machine that misses nothing. What is not there was written by an older version. */
const NONE = '-'

/**
 * `t1kq2o.t0f3c0+:5094127,5095051`: the opening in seconds to base 36, behind a dot the exposure's beginning where that is another, `+` for
 * "at least", behind a colon the KBs that it began with where those are others.
 */
const ITEM = /^([0-9a-z]{1,7})(?:\.([0-9a-z]{1,7}))?(\+?)(?::([^\s,]+(?:,[^\s,]+)*))?$/

/** Since when each of a machine's missing KBs is missed, in the order of their ids. */
export const missingSince: Column<readonly MissingSince[] | null> = {
  encode: (items) => {
    if (items === null) return ''
    const packed = items.map(encodeItem).join(' ')
    return packed.length > CACHE_CHARACTERS ? '' : packed || NONE
  },
  decode: (stored) => {
    if (stored === undefined || stored === '') return null
    if (stored === NONE) return []
    return typeof stored === 'string' ? decodeAll(stored.split(' ')) : undefined
  },
}

function encodeItem({ appearedSnapshotId, exposedSince, exposedAtLeast, exposedWith }: MissingSince): string {
  const began = exposedSince === appearedSnapshotId ? '' : `.${secondsOf(exposedSince)}`
  const first = exposedWith.length === 0 ? '' : `:${exposedWith.map(keyPart).join(',')}`
  return `${secondsOf(appearedSnapshotId)}${began}${exposedAtLeast ? '+' : ''}${first}`
}

/** A text that is none of these says nothing. */
function decodeAll(items: readonly string[]): readonly MissingSince[] | null {
  const decoded = items.map(decodeItem)
  return decoded.includes(undefined) ? null : decoded.filter((item) => item !== undefined)
}

function decodeItem(text: string): MissingSince | undefined {
  const [, opened, began, atLeast, first] = ITEM.exec(text) ?? []
  // One that was handed on, and does not tell by which KBs, is of an older version: its intervals lead to them.
  if (opened === undefined || (began !== undefined && first === undefined)) return undefined
  return {
    appearedSnapshotId: idOf(opened),
    exposedSince: idOf(began ?? opened),
    exposedAtLeast: atLeast === '+',
    exposedWith: first?.split(',').map(keyPartToId) ?? [],
  }
}

const secondsOf = (snapshotId: string) => (snapshotStartMs(snapshotId) / 1000).toString(36)

/** Seven digits of base 36 are the year 4453: a Date knows them all. */
const idOf = (seconds: string) => snapshotIdOf(Number.parseInt(seconds, 36) * 1000)
