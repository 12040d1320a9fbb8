import { RestError } from '@azure/data-tables'

/** Table Storage refused or could not be understood. `code` is the service's own, e.g. `UpdateConditionNotSatisfied`. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: string

  constructor(message: string, code: string, options?: { cause: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** Changes that a snapshot's row says it made, and that are not there any more: its month's table was deleted, or emptied. */
export class ChangesGoneError extends StoreError {
  readonly snapshotId: string

  constructor(snapshotId: string) {
    super(`the changes of the snapshot ${snapshotId} are gone`, 'ChangesGone')
    this.snapshotId = snapshotId
  }
}

/**
 * The service's error code, wherever the SDK put it: on the error for batches, in the body for single operations.
 * The header `x-ms-error-code` (`details.errorCode`) comes from Azurite only: the Table service does not send it.
 * https://github.com/Azure/azure-sdk-for-js/tree/main/sdk/tables/data-tables (recorded answers)
 */
export function storageErrorCode(error: unknown): string | undefined {
  if (!(error instanceof RestError)) return undefined
  const details = error.details as { odataError?: { code?: unknown } } | undefined
  return typeof details?.odataError?.code === 'string' ? details.odataError.code : error.code
}

export const isTableMissing = (error: unknown) => storageErrorCode(error) === 'TableNotFound'
export const isRowMissing = (error: unknown) => storageErrorCode(error) === 'ResourceNotFound'
export const isRowPresent = (error: unknown) => storageErrorCode(error) === 'EntityAlreadyExists'
export const isOutdated = (error: unknown) => storageErrorCode(error) === 'UpdateConditionNotSatisfied'
