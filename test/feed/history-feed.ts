import { openTenant } from '../../src/open-tenant.ts'
import { TENANT } from '../support/api.ts'
import { startFeed } from './feed.ts'
import { writeHistory } from './history.ts'

/** A feed over tables that hold a history of six snapshots. */
export async function startHistoryFeed() {
  const feed = await startFeed()
  const history = await writeHistory(openTenant(feed.services).store, TENANT, { snapshots: 6 })
  return { feed, history }
}
