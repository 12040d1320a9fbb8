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

/** The service's error code, wherever the SDK put it: on the error for batches, else in its details, from a header or from the body. */
export function storageErrorCode(error: unknown): string | undefined {
  if (!(error instanceof RestError)) return undefined
  const details = error.details as { errorCode?: unknown; odataError?: { code?: unknown } } | undefined
  const code = details?.errorCode ?? details?.odataError?.code ?? error.code
  return typeof code === 'string' ? code : undefined
}

export const isTableMissing = (error: unknown) => storageErrorCode(error) === 'TableNotFound'
export const isRowMissing = (error: unknown) => storageErrorCode(error) === 'ResourceNotFound'
export const isRowPresent = (error: unknown) => storageErrorCode(error) === 'EntityAlreadyExists'
export const isOutdated = (error: unknown) => storageErrorCode(error) === 'UpdateConditionNotSatisfied'
