/** What the real service refuses, whatever its load. Sizes are its own: characters are UTF-16, a KiB is 1,024. */
export const LIMITS = {
  // https://learn.microsoft.com/azure/storage/tables/scalability-targets
  keyCharacters: 1024,
  entityBytes: 1024 * 1024,
  // https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
  /** 255 with PartitionKey, RowKey and Timestamp. */
  properties: 252,
  propertyNameCharacters: 255,
  stringCharacters: 32 * 1024,
  binaryBytes: 64 * 1024,
  // https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
  batchRows: 100,
  batchBytes: 4 * 1024 * 1024,
  // https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination
  pageRows: 1000,
  // https://learn.microsoft.com/rest/api/storageservices/querying-tables-and-entities
  filterComparisons: 15,
} as const

/** `/ \ # ?` and control characters. https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model */
// eslint-disable-next-line no-control-regex
export const FORBIDDEN_IN_KEYS = /[/\\#?\u0000-\u001f\u007f-\u009f]/

export const TABLE_NAME = /^[A-Za-z][A-Za-z0-9]{2,62}$/
