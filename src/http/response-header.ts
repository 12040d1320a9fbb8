/** What OpenAPI says of a header of an answer. */
export interface ResponseHeaderDoc {
  description: string
  /** On every answer of its status. */
  required?: true
  schema: { type: 'string' | 'integer'; format?: 'uri' }
}

/** Headers by name, of the answers of a status. */
export type ResponseHeaderDocs = Readonly<Record<string, ResponseHeaderDoc>>

export const retryAfterHeader: ResponseHeaderDoc = {
  description: 'Seconds after which it is worth asking again.',
  required: true,
  schema: { type: 'integer' },
}
