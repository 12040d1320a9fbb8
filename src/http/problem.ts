import { z } from 'zod'

/** Every kind of problem that the API answers with. `type` is a stable name for programs, `title` the same for people. */
export const PROBLEMS = {
  invalidParameter: { status: 400, title: 'A parameter cannot be read' },
  unknownParameter: { status: 400, title: 'There is no such parameter' },
  repeatedParameter: { status: 400, title: 'A parameter is given more than once' },
  invalidBody: { status: 400, title: 'The body of the request cannot be read' },
  brokenBody: { status: 400, title: 'The body of the request is not whole' },
  notSignedIn: { status: 401, title: 'Nobody is signed in' },
  forbidden: { status: 403, title: 'This is not allowed' },
  unknownTenant: { status: 404, title: 'The tenant is not configured' },
  notFound: { status: 404, title: 'Not found' },
  bodyTooLarge: { status: 413, title: 'The body of the request is too large' },
  tooLarge: { status: 413, title: 'The answer is too large' },
  historyGone: { status: 410, title: 'A part of the history is gone' },
  oneTenant: { status: 409, title: 'The app reads one tenant' },
  tenantDisabled: { status: 422, title: 'The tenant is disabled' },
  tenantDeleting: { status: 409, title: 'The tenant is being deleted' },
  snapshotActive: { status: 409, title: 'A snapshot is pending or running' },
  unexpected: { status: 500, title: 'The request failed' },
  misconfigured: { status: 503, title: 'The configuration is not complete' },
  storageUnavailable: { status: 503, title: 'The table storage does not answer' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemKind = keyof typeof PROBLEMS

/** The body of every error. https://www.rfc-editor.org/rfc/rfc9457 */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('A stable name of the kind of problem.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    parameter: z.string().optional().describe('The parameter at fault.'),
  })
  .describe('What went wrong (RFC 9457).')

/** Whether a schema is that of a problem, or of one that tells more. */
export const isProblemSchema = (schema: z.ZodType) => schema instanceof z.ZodObject && schema.shape['type'] === problemSchema.shape.type

export type Problem = z.infer<typeof problemSchema>

/** Ends a request with a problem. Thrown for what the caller got wrong or must know; anything else thrown is `unexpected`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly kind: ProblemKind
  readonly extensions: Record<string, string>

  constructor(kind: ProblemKind, detail: string, extensions: Record<string, string> = {}) {
    super(detail)
    this.kind = kind
    this.extensions = extensions
  }
}

export function problemOf({ kind, message, extensions }: ProblemError): Problem {
  return { type: `urn:patchtrail:problem:${kind}`, ...PROBLEMS[kind], detail: message, ...extensions }
}
