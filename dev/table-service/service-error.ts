/**
 * The answers of the real service that are not a success: code, status, message.
 * https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes
 * https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes
 */
const ERRORS = {
  CommandsInBatchActOnDifferentPartitions: [400, 'All commands in a batch must operate on same entity group.'],
  EntityAlreadyExists: [409, 'The specified entity already exists.'],
  EntityTooLarge: [400, 'The entity is larger than the maximum allowed size (1MB).'],
  InternalError: [500, 'Server encountered an internal error. Please try again after some time.'],
  InvalidDuplicateRow: [
    400,
    'The batch request contains multiple changes with same row key. An entity can appear only once in a batch request.',
  ],
  InvalidInput: [400, 'One of the request inputs is not valid.'],
  InvalidResourceName: [400, 'The specified resource name contains invalid characters.'],
  KeyValueTooLarge: [400, 'The key value exceeds the maximum allowed size (1KB).'],
  NotImplemented: [501, 'The requested operation is not implemented on the specified resource.'],
  OperationTimedOut: [500, 'Operation could not be completed within the specified time.'],
  OutOfRangeInput: [400, 'One of the request inputs is out of range.'],
  PropertiesNeedValue: [400, 'The values are not specified for all properties in the entity.'],
  PropertyNameInvalid: [400, 'The property name is invalid.'],
  PropertyNameTooLong: [400, 'The property name exceeds the maximum allowed length (255).'],
  PropertyValueTooLarge: [400, 'The property value exceeds the maximum allowed size (64KB).'],
  RequestBodyTooLarge: [413, 'The request body is too large and exceeds the maximum permissible limit.'],
  ResourceNotFound: [404, 'The specified resource does not exist.'],
  ServerBusy: [503, 'The server is busy.'],
  TableAlreadyExists: [409, 'The table specified already exists.'],
  TableBeingDeleted: [409, 'The specified table is being deleted. Try operation later.'],
  TableNotFound: [404, 'The table specified does not exist.'],
  TooManyProperties: [400, 'The entity contains more properties than allowed (252).'],
  UpdateConditionNotSatisfied: [412, 'The update condition specified in the request was not satisfied.'],
} as const satisfies Record<string, readonly [number, string]>

export type ServiceErrorCode = keyof typeof ERRORS

/** An answer that refuses a request. `index` is the place of the operation at fault in its batch. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: ServiceErrorCode
  readonly status: number
  readonly index: number | undefined

  constructor(code: ServiceErrorCode, detail?: string, index?: number) {
    super(detail === undefined ? ERRORS[code][1] : `${ERRORS[code][1]} (${detail})`)
    this.code = code
    this.status = ERRORS[code][0]
    this.index = index
  }

  /** As JSON, the way the service puts it; in a batch with the index of the operation in front of the message. */
  body(): string {
    const value = `${this.index === undefined ? '' : `${this.index}:`}${this.message}`
    return JSON.stringify({ 'odata.error': { code: this.code, message: { lang: 'en-US', value } } })
  }
}
