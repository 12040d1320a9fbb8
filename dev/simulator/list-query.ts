import { FilterError, parseFilter, type Filterable } from './odata-filter.ts'

/** `$top`'s maximum, and the page size. https://learn.microsoft.com/defender-endpoint/api/get-machines, and get-software */
export const MAX_PAGE = 10_000

export interface ListQuery {
  skip: number
  top: number | undefined
  filter: string | undefined
  matches: ((row: object) => boolean) | undefined
}

/** The query of a list, or what is wrong with it. */
export function parseListQuery(query: URLSearchParams, filterable: Filterable): ListQuery | string {
  const top = query.get('$top') ?? undefined
  const skip = query.get('$skip') ?? '0'
  for (const number of [top ?? '0', skip]) if (!/^\d{1,9}$/.test(number)) return `Invalid value '${number}' for $top or $skip`
  if (Number(top ?? 0) > MAX_PAGE) return `The limit of '${MAX_PAGE}' for Top query has been exceeded by '${top}'.`
  const filter = query.get('$filter') ?? undefined
  try {
    const matches = filter === undefined ? undefined : parseFilter(filter, filterable)
    return { skip: Number(skip), top: top === undefined ? undefined : Number(top), filter, matches }
  } catch (error) {
    if (error instanceof FilterError) return error.message
    throw error
  }
}

/** The query of the page that begins there. */
export function queryText({ filter }: ListQuery, skip: number): string {
  const filterText = filter === undefined ? '' : `$filter=${encodeURIComponent(filter)}&`
  return `?${filterText}$skip=${skip}`
}
