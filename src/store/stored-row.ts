/** A row as it comes from the service: keys, etag, and properties to be decoded by the table's columns. */
export interface StoredRow extends Record<string, unknown> {
  partitionKey: string
  rowKey: string
  etag: string
}
