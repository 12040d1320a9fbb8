import type { TableClient } from '@azure/data-tables'

interface Listing {
  byPage(...args: unknown[]): AsyncIterable<unknown[]>
}

/** A table of which each page that holds anything takes time: `onPage` moves the clock. */
export function slowTable(client: TableClient, onPage: () => void): TableClient {
  return new Proxy(client, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      const method = member as (...args: unknown[]) => unknown
      return (...args: unknown[]) => {
        const result = method.apply(target, args)
        return name === 'listEntities' ? slowListing(result as Listing, onPage) : result
      }
    },
  })
}

function slowListing(listing: Listing, onPage: () => void): Listing {
  return {
    byPage: async function* (...args) {
      for await (const page of listing.byPage(...args)) {
        if (page.length > 0) onPage()
        yield page
      }
    },
  }
}
