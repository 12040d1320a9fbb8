import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTenant } from '../../src/open-tenant.ts'
import { entitySets } from '../../src/feed/index.ts'
import { TENANT } from '../support/api.ts'
import { ROOT, sorted, startFeed } from './feed.ts'
import { type History, tenantEntitySets, writeHistory } from './history.ts'

let feed: Awaited<ReturnType<typeof startFeed>>
let history: History

beforeAll(async () => {
  feed = await startFeed()
  history = await writeHistory(openTenant(feed.services).store, TENANT)
})
afterAll(() => feed.service.close())

describe('the sets of the feed', () => {
  it.each(tenantEntitySets.map(({ name }) => name))(
    '%s has the rows of the history up to the newest ended snapshot, and no others',
    async (name) => {
      const { rows } = await feed.rows(`/${name}`)
      const expected = history.rows[name as keyof History['rows']]
      expect(expected.length).toBeGreaterThan(3)
      expect(sorted(rows)).toEqual(sorted(expected))
    },
  )

  it.each(tenantEntitySets)(
    'every row of $name has every property, of its type, and a key of its own',
    async ({ name, properties, key }) => {
      const { rows } = await feed.rows(`/${name}`)
      for (const row of rows) {
        expect(Object.keys(row)).toEqual(properties.map((property) => property.name))
        for (const property of properties)
          expect(fits(row[property.name], property), `${name}.${property.name}: ${row[property.name]}`).toBe(true)
      }
      expect(new Set(rows.map((row) => JSON.stringify(key.map((part) => row[part])))).size).toBe(rows.length)
    },
  )

  it('come in the order of their keys, in the service document and in the metadata', async () => {
    const { json } = await feed.get('/')
    expect(json).toEqual({
      '@odata.context': `${ROOT}/$metadata`,
      value: entitySets.map(({ name }) => ({ name, kind: 'EntitySet', url: name })),
    })
  })

  it('have rows for both kinds of change, open and closed intervals, and all that a filter can ask for', () => {
    expect(new Set(history.rows.Changes.map(({ reason }) => reason))).toEqual(
      new Set(['baseline', 'new', 'reopened', 'installed', 'superseded']),
    )
    expect(new Set(history.rows.MissingKbs.map(({ isOpen }) => isOpen))).toEqual(new Set([true, false]))
    expect(new Set(history.rows.Changes.map(({ at }) => String(at).slice(0, 7)))).toEqual(new Set(['2026-05', '2026-06']))
  })
})

function fits(value: unknown, { type, nullable }: { type: string; nullable: boolean }): boolean {
  if (value === null) return nullable
  if (type === 'Edm.Boolean') return typeof value === 'boolean'
  if (type === 'Edm.Int32') return Number.isInteger(value)
  if (type === 'Edm.Double') return typeof value === 'number'
  if (typeof value !== 'string' || value === '') return false
  return type === 'Edm.String' || /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,7})?Z$/.test(value)
}
