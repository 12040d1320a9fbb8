/** The middle one; the mean of the two in the middle of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1)
  return middle.reduce((sum, value) => sum + value, 0) / middle.length
}

export interface Compared {
  first: number
  second: number
  /** The median of the rounds' own ratios: a noise that lasts longer than a round is in both of its halves. */
  ratio: number
}

/** Measures two things in turn, each round in the other order than the one before; medians. */
export async function inTurn(rounds: number, first: () => Promise<number>, second: () => Promise<number>): Promise<Compared> {
  const measured: { first: number; second: number }[] = []
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) measured.push({ first: await first(), second: await second() })
    else {
      const before = await second()
      measured.push({ first: await first(), second: before })
    }
  }
  return {
    first: median(measured.map((round) => round.first)),
    second: median(measured.map((round) => round.second)),
    ratio: median(measured.map((round) => round.first / round.second)),
  }
}
