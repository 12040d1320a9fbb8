import {
  type BuildOf,
  fixedBuildOf,
  type ExportedKbName,
  type ExportedMachine,
  type KbFacts,
  type Machine,
  type MissingKb,
  reduceKbs,
  UNDESCRIBED_KB,
} from '../../domain/index.ts'

/** Different sets that are kept: most machines of a fleet miss the same few. */
const MOST_KEPT = 10_000

/** What machines miss by an export: of each cumulative product the newest, which names what it contains. */
export class ReducedKbs {
  readonly #names: ReadonlyMap<string, ExportedKbName>
  readonly #facts: ReadonlyMap<string, KbFacts>
  #kept = new Map<string, readonly MissingKb[]>()

  /** `facts`: what the catalogue knows of the builds that KBs bring. It orders what the export lists, and adds nothing to it. */
  constructor(names: ReadonlyMap<string, ExportedKbName>, facts: ReadonlyMap<string, KbFacts>) {
    this.#names = names
    this.#facts = facts
  }

  /** The same for every machine of which the export says the same. */
  of(
    { osBuild, version }: Pick<Machine, 'osBuild' | 'version'>,
    { osVersion, kbs }: Pick<ExportedMachine, 'osVersion' | 'kbs'>,
  ): readonly MissingKb[] {
    const build = osVersion ?? osBuild
    const key = [
      build?.split('.').slice(0, 3).join('.'),
      version,
      ...kbs.map(({ kbId, productsNames }) => `${kbId}:${productsNames.join()}`),
    ].join(' ')
    const known = this.#kept.get(key)
    if (known) return known
    const buildOf: BuildOf = (kbId, product) => {
      const facts = this.#facts.get(kbId)
      return facts && fixedBuildOf(facts, { product, version, osBuild: build })
    }
    const reduced = reduceKbs(
      kbs.map((kb) => this.#described(kb)),
      buildOf,
    )
    if (this.#kept.size >= MOST_KEPT) this.#kept = new Map()
    this.#kept.set(key, reduced)
    return reduced
  }

  #described({ kbId, productsNames }: ExportedMachine['kbs'][number]): MissingKb {
    const { kbName = null, url = null } = this.#names.get(kbId) ?? {}
    return { ...UNDESCRIBED_KB, kbId, productsNames, kbName, url }
  }
}
