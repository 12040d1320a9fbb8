import { z } from 'zod'
import { SHOWN_STATES, type Top, type TopItems } from '../domain/index.ts'
import { parseJson } from '../parse-json.ts'
import { type Column, integer } from './columns.ts'
import type { RowFormat } from './read-row.ts'

/** A property holds 32K characters. https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model */
const MOST_CHARACTERS = 30_000

const nullableText = z.string().nullable()

/** A machine on a list. */
export const topMachineSchema = z.object({
  machineId: z.string(),
  computerDnsName: nullableText,
  osPlatform: nullableText,
  version: nullableText,
  rbacGroupName: nullableText,
  healthStatus: nullableText,
  lastSeen: nullableText,
  missing: z.int(),
  oldestMissingAt: nullableText,
  lastObservedSnapshotId: nullableText,
  code: nullableText,
  exposedSince: nullableText,
  exposedAtLeast: z.boolean(),
  state: z.enum(SHOWN_STATES),
})
const topKbSchema = z.object({ kbId: z.string(), kbName: nullableText, cohort: nullableText, machinesMissing: z.int() })

const MACHINE_COLUMNS = Object.keys(topMachineSchema.shape)
const KB_COLUMNS = Object.keys(topKbSchema.shape)

/** Values in the order of the columns: the names of a hundred would take more room than what they name. */
const packedItems = z.array(z.array(z.unknown()))
const items = z.union([z.array(topMachineSchema), z.array(topKbSchema)])

/** As many of the first items as there is room for. */
const itemsColumn: Column<readonly TopItems[keyof TopItems][]> = {
  encode: (all) => {
    let kept = all.map((item) => columnsOf(item).map((name) => (item as unknown as Record<string, unknown>)[name]))
    let packed = JSON.stringify(kept)
    while (packed.length > MOST_CHARACTERS) {
      kept = kept.slice(0, Math.floor(kept.length * 0.9))
      packed = JSON.stringify(kept)
    }
    return packed
  },
  decode: (stored) => {
    const packed = packedItems.safeParse(typeof stored === 'string' ? parseJson(stored) : undefined).data
    return packed && items.safeParse(packed.map(unpacked)).data
  },
}

const columnsOf = (item: TopItems[keyof TopItems]) => ('machineId' in item ? MACHINE_COLUMNS : KB_COLUMNS)

function unpacked(values: readonly unknown[]): Record<string, unknown> {
  const names = values.length === KB_COLUMNS.length ? KB_COLUMNS : MACHINE_COLUMNS
  return Object.fromEntries(names.map((name, index) => [name, values[index]]))
}

export const topFormat: RowFormat<Omit<Top, 'list' | 'snapshotId'>> = { columns: { total: integer, items: itemsColumn } }
