/**
 * A number in [0, 1) that depends on nothing but `parts`: the world has no random stream, so any fact of it can be asked for at any time
 * and in any order. FNV-1a over the parts, then MurmurHash3's finaliser, since FNV alone leaves neighbouring indexes correlated.
 */
export function draw(...parts: readonly (number | string)[]): number {
  let hash = 0x811c9dc5
  for (const part of parts) {
    hash = typeof part === 'string' ? absorbText(hash, part) : absorbNumber(hash, part)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  }
  return finalise(hash) / 0x1_0000_0000
}

/** An integer in [0, size). */
export function drawIndex(size: number, ...parts: readonly (number | string)[]): number {
  return Math.floor(draw(...parts) * size)
}

/** A number in [low, high). */
export function drawBetween(low: number, high: number, ...parts: readonly (number | string)[]): number {
  return low + draw(...parts) * (high - low)
}

/** Lower-case hex digits. */
export function drawHex(digits: number, ...parts: readonly (number | string)[]): string {
  let text = ''
  while (text.length < digits)
    text += Math.floor(draw(...parts, text.length) * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0')
  return text.slice(0, digits)
}

/** A GUID, in lower case. */
export function drawGuid(...parts: readonly (number | string)[]): string {
  return drawHex(32, ...parts).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** One of `choices`, each as likely as its `share` says; the shares need not add up to 1. */
export function drawShare<T extends { share: number }>(choices: readonly T[], ...parts: readonly (number | string)[]): T {
  const total = choices.reduce((sum, { share }) => sum + share, 0)
  let left = draw(...parts) * total
  for (const choice of choices) {
    left -= choice.share
    if (left < 0) return choice
  }
  throw new Error('nothing to choose from')
}

function absorbText(start: number, text: string): number {
  let hash = start
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

function absorbNumber(start: number, value: number): number {
  const hash = Math.imul(start ^ (value | 0), 0x01000193)
  return Math.imul(hash ^ Math.floor(value / 0x1_0000_0000), 0x01000193)
}

function finalise(start: number): number {
  let hash = start
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
