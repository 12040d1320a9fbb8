import { TABLE_NAME } from './limits.ts'
import type { Row } from './row.ts'
import { ServiceError } from './service-error.ts'
import { SortedMap } from './sorted-map.ts'

interface StoredTable {
  /** As it was created; names are told apart without regard to case. */
  name: string
  rows: SortedMap<Row>
}

/** The tables of the account. */
export class Account {
  readonly #tables = new SortedMap<StoredTable>()
  /** Names of deleted tables, and when they are free again, in milliseconds. */
  readonly #deletedUntil = new Map<string, number>()
  #lastModifiedAt = 0

  create(name: string, now: number): void {
    if (!TABLE_NAME.test(name) || name.toLowerCase() === 'tables') throw new ServiceError('InvalidResourceName', name)
    this.#refuseWhileDeleted(name, now)
    if (this.#tables.get(name.toLowerCase())) throw new ServiceError('TableAlreadyExists')
    this.#tables.set(name.toLowerCase(), { name, rows: new SortedMap() })
  }

  delete(name: string, now: number, deletionSeconds: number): void {
    this.#refuseWhileDeleted(name, now)
    if (!this.#tables.delete(name.toLowerCase())) throw new ServiceError('ResourceNotFound')
    this.#deletedUntil.set(name.toLowerCase(), now + deletionSeconds * 1000)
  }

  names(): string[] {
    const names: string[] = []
    this.#tables.scan('', (_, { name }) => names.push(name) > 0)
    return names
  }

  rows(name: string, now: number): SortedMap<Row> {
    this.#refuseWhileDeleted(name, now)
    const table = this.#tables.get(name.toLowerCase())
    if (!table) throw new ServiceError('TableNotFound')
    return table.rows
  }

  /** A time of modification, in microseconds, later than all before it: no two writes share an ETag. */
  nextModifiedAt(now: number): number {
    this.#lastModifiedAt = Math.max(this.#lastModifiedAt + 1, now * 1000)
    return this.#lastModifiedAt
  }

  #refuseWhileDeleted(name: string, now: number): void {
    const until = this.#deletedUntil.get(name.toLowerCase())
    if (until !== undefined && now < until) throw new ServiceError('TableBeingDeleted')
  }
}
