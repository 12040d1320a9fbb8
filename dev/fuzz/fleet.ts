import type { Random } from './random.ts'

/** A KB, as Defender tells of it whoever misses it. */
export interface FuzzKb {
  id: string
  product: string
}

/** A machine at one look. */
export interface Seen {
  /** It exists then: Defender lists it and knows it by its id. */
  exists: boolean
  /** It reported since the look before. */
  reported: boolean
  kbIds: readonly string[]
}

export interface FuzzMachine {
  id: string
  osPlatform: string
  /** Its last report is more than 30 days old. */
  isSilent: boolean
  /** One for each look. */
  seen: readonly Seen[]
}

/** What is true, whatever Defender says: machines, and the KBs that there are. */
export interface Fleet {
  machines: readonly FuzzMachine[]
  kbs: readonly FuzzKb[]
}

/** Snapshots of a case. The last one is taken after everything hostile has stopped. */
export const LOOKS = 3
export const LAST_LOOK = LOOKS - 1

const PRODUCTS = ['windows_11', 'windows_10', 'office', 'edge_chromium-based']

export function drawFleet(random: Random): Fleet {
  const kbs = Array.from({ length: random.between(4, 9) }, (_, index) => ({
    id: String(5_000_001 + index),
    product: random.pick(PRODUCTS),
  }))
  if (random.isIn(0.3)) kbs.push({ id: 'KB-2026.03_a', product: 'office' })
  const machines = Array.from({ length: random.isIn(0.8) ? random.between(6, 7) : random.between(9, 12) }, () => drawMachine(random, kbs))
  return { machines: machines.sort((a, b) => (a.id < b.id ? -1 : 1)), kbs }
}

function drawMachine(random: Random, kbs: readonly FuzzKb[]): FuzzMachine {
  const isWindows = random.isIn(0.9)
  const joins = random.isIn(0.1) ? 1 : 0
  const leaves = random.isIn(0.12) ? random.between(joins + 1, LOOKS) : LOOKS
  const isSilent = random.isIn(0.08)
  const ids = kbs.map(({ id }) => id)
  let kbIds = random.some(ids, 0.5)
  const seen: Seen[] = []
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0 && random.isIn(0.6)) kbIds = random.isIn(0.2) ? [] : ids.filter((id) => random.isIn(kbIds.includes(id) ? 0.7 : 0.2))
    const exists = look >= joins && look < leaves
    seen.push({ exists, reported: !isSilent && random.isIn(0.8), kbIds: isWindows ? kbIds : [] })
  }
  return { id: random.hex(40), osPlatform: isWindows ? 'Windows11' : 'Linux', isSilent, seen }
}

/** The first look of every case. */
export const START = Date.parse('2026-03-02T02:00:00Z')
const DAY = 86_400_000

/** Looks are so far apart that a day's wait, the longest that Defender can ask for, is over before the next one. */
export const lookAt = (look: number) => START + look * 3 * DAY

/** The machine's last report (ms), as Defender knows it at a look. */
export function lastSeenAt({ isSilent, seen }: FuzzMachine, look: number): number {
  if (isSilent) return START - 40 * DAY
  for (let at = look; at > 0; at--) if (seen[at]?.reported) return lookAt(at) - DAY / 24
  return START - DAY
}
