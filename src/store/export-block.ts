import { z } from 'zod'
import type { ExportedKb, ExportedMachine } from '../domain/index.ts'
import { parseJson } from '../parse-json.ts'
import { LONGEST_TEXT_CHARACTERS } from './pieces.ts'

/** Machines of one row: less than half a megabyte, and no more than a reader of many runs can hold of each. */
const BLOCK_MACHINES = 1_000

/** With the words of a block told once, a machine has some 100 characters. */
const BLOCK_CHARACTERS = LONGEST_TEXT_CHARACTERS / 2

/** Machines in the order of their ids, and the words that many of them share. */
export interface ExportBlock {
  lastMachineId: string
  text: string
}

const word = z.string().nullable()
const schema = z.object({
  words: z.array(word),
  kbs: z.array(z.tuple([z.string(), z.array(z.string())])),
  machines: z.array(z.tuple([z.string(), word, z.number(), z.number(), z.array(z.number())])),
})

/** Cuts machines that come in the order of their ids into blocks. */
export function* toBlocks(machines: Iterable<ExportedMachine>): Generator<ExportBlock> {
  let block = new Block()
  for (const machine of machines) {
    if (block.isFull(machine)) {
      yield block.packed()
      block = new Block()
    }
    block.add(machine)
  }
  if (block.size > 0) yield block.packed()
}

/** The machines of a block; undefined where the text is none. */
export function fromBlock(text: string): ExportedMachine[] | undefined {
  const { data } = schema.safeParse(parseJson(text))
  if (!data) return undefined
  const kbs = data.kbs.map(([kbId, productsNames]): ExportedKb => ({ kbId, productsNames }))
  return data.machines.map(([machineId, reportedAt, osVersion, group, own]) => ({
    machineId,
    reportedAt,
    osVersion: data.words[osVersion] ?? null,
    rbacGroupName: data.words[group] ?? null,
    kbs: own.flatMap((index) => kbs[index] ?? []),
  }))
}

class Block {
  readonly #words = new Map<string | null, number>()
  readonly #kbs = new Map<string, { index: number; packed: [string, readonly string[]] }>()
  readonly #machines: unknown[] = []
  #last = ''
  #characters = 0

  get size(): number {
    return this.#machines.length
  }

  isFull({ kbs }: ExportedMachine): boolean {
    return this.size > 0 && (this.size >= BLOCK_MACHINES || this.#characters + charactersOf(kbs) > BLOCK_CHARACTERS)
  }

  add({ machineId, reportedAt, osVersion, rbacGroupName, kbs }: ExportedMachine): void {
    this.#machines.push([machineId, reportedAt, this.#word(osVersion), this.#word(rbacGroupName), kbs.map((kb) => this.#kb(kb))])
    this.#last = machineId
    this.#characters += charactersOf(kbs)
  }

  packed(): ExportBlock {
    const kbs = [...this.#kbs.values()].map(({ packed }) => packed)
    return { lastMachineId: this.#last, text: JSON.stringify({ words: [...this.#words.keys()], kbs, machines: this.#machines }) }
  }

  #word(text: string | null): number {
    const index = this.#words.get(text) ?? this.#words.size
    this.#words.set(text, index)
    return index
  }

  #kb({ kbId, productsNames }: ExportedKb): number {
    const key = JSON.stringify([kbId, productsNames])
    const known = this.#kbs.get(key) ?? { index: this.#kbs.size, packed: [kbId, productsNames] }
    this.#kbs.set(key, known)
    return known.index
  }
}

/** At most, as if no word was shared. */
const charactersOf = (kbs: readonly ExportedKb[]) =>
  150 + kbs.reduce((sum, { kbId, productsNames }) => sum + 10 + JSON.stringify([kbId, productsNames]).length, 0)
