import { z } from 'zod'
import type { ProductCounts } from '../../domain/index.ts'
import { parseJson } from '../../parse-json.ts'
import type { TenantStore } from '../../store/index.ts'
import { stringify } from '../totals/packed-sums.ts'

const schema = z.object({
  snapshotId: z.string(),
  products: z.array(z.tuple([z.string(), z.array(z.tuple([z.string(), z.number().int()]))])),
})

/** Keeps on how many machines each KB is missing by a snapshot's export, all that it names, until that was compared with Defender's counts. */
export async function keepProductCounts(
  { partial }: Pick<TenantStore, 'partial'>,
  snapshotId: string,
  counts: ProductCounts,
): Promise<void> {
  const products = [...counts].map(([product, kbs]) => [product, [...kbs]])
  await partial.write('counts', snapshotId, stringify({ snapshotId, products }))
}

/** What was kept of a snapshot's export; undefined where nothing was, or it is another's. */
export async function keptProductCounts({ partial }: Pick<TenantStore, 'partial'>, snapshotId: string): Promise<ProductCounts | undefined> {
  const text = await partial.read('counts')
  const { data } = schema.safeParse(text === undefined ? undefined : parseJson(text))
  if (data?.snapshotId !== snapshotId) return undefined
  return new Map(data.products.map(([product, kbs]) => [product, new Map(kbs)]))
}
