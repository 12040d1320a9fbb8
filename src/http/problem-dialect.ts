import type { Dialect } from '../edge/dialect.ts'
import { ProblemError, problemOf } from './problem.ts'

/** Refusals as problem documents. https://www.rfc-editor.org/rfc/rfc9457 */
export const problemDialect: Dialect<ProblemError> = {
  headers: {},
  varies: [],
  isOwn: (error) => error instanceof ProblemError,
  translate: ({ kind, message, parameter }) => new ProblemError(kind, message, parameter === undefined ? {} : { parameter }),
  answer(error) {
    const problem = problemOf(error)
    return { status: problem.status, contentType: 'application/problem+json; charset=utf-8', text: JSON.stringify(problem) }
  },
}
