import type { CatalogueState } from '../domain/index.ts'
import type { CatalogueWrites, Store } from '../store/index.ts'
import { CATALOGUE_POLICY } from './policy.ts'

/** Another run has the catalogue: this one was thought dead. */
export class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError'
}

/** The right of one run to write the catalogue. Every write asks whether nobody else wrote. */
export class Claim {
  readonly #catalogue: Store['catalogue']
  #state: CatalogueState
  #etag: string | undefined

  private constructor(catalogue: Store['catalogue'], state: CatalogueState, etag: string | undefined) {
    this.#catalogue = catalogue
    this.#state = state
    this.#etag = etag
  }

  /** Claims the catalogue where there is something to do and nobody else is at it; else undefined. */
  static async take(catalogue: Store['catalogue'], nowMs: number): Promise<Claim | undefined> {
    const { state, etag } = await catalogue.state()
    const isBefore = (instant: string | null) => instant !== null && nowMs < Date.parse(instant)
    if (isBefore(state.dueAt) || isBefore(state.claimedUntil)) return undefined
    const claim = new Claim(catalogue, state, etag)
    try {
      await claim.write({ claimedUntil: new Date(nowMs + CATALOGUE_POLICY.claimMs).toISOString() })
      return claim
    } catch (error) {
      if (error instanceof ClaimLostError) return undefined
      throw error
    }
  }

  get state(): CatalogueState {
    return this.#state
  }

  /** Throws a `ClaimLostError` where somebody else wrote. */
  async write(patch: Partial<CatalogueState>, writes: CatalogueWrites = {}): Promise<void> {
    const state = { ...this.#state, ...patch }
    const etag = await this.#catalogue.commit(state, this.#etag, writes)
    if (etag === undefined) throw new ClaimLostError('another run writes the catalogue')
    this.#state = state
    this.#etag = etag
  }
}
