/** How an export is read. What is not documented by Microsoft is marked [R] reported or [G] guessed. */
export const READING_POLICY = {
  /**
   * What comes out of the gunzip at once, and is looked at at once. Larger chunks cost fewer turns; larger pieces no longer fit in the part of
   * the heap where what is thrown away costs nothing. Both measured, by `npm run bench -- export`.
   */
  chunkBytes: 128 * 1024,
  pieceBytes: 32 * 1024,
  /** Inflated ahead of the reader, in another thread. */
  aheadBytes: 512 * 1024,
  /** A row has about 1 KB, up to 1.5 KB seen [R]; paths make it longer. What is longer is no row, and would only fill the memory. */
  longestLineCharacters: 1_000_000,
  /** Chunks between two looks at the time, the lease and the memory. */
  chunksBetweenLooks: 16,
  /** So much is kept in memory, and no more: some 30 MB. The rest is written down. */
  heldMachines: 60_000,
  heldPairs: 2_000_000,
} as const

/** The limits of one reading: a test has smaller ones. */
export type ReadingLimits = Record<keyof typeof READING_POLICY, number>
