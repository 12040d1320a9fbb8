import type { ConfigProblem } from '../config/index.ts'

/** What is refused whatever was asked for: every dialect has words for these. */
export type RefusalKind = 'invalidParameter' | 'unknownTenant' | 'misconfigured' | 'historyGone' | 'storageUnavailable' | 'unexpected'

/**
 * Ends a request with a refusal that is the same in every dialect. What belongs to the API or to the feed alone they refuse with errors of
 * their own.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly kind: RefusalKind
  /** The parameter at fault. */
  readonly parameter: string | undefined

  constructor(kind: RefusalKind, detail: string, parameter?: string) {
    super(detail)
    this.kind = kind
    this.parameter = parameter
  }
}

export const unknownTenant = () => new Refusal('unknownTenant', 'No tenant with this id is configured.', 'tenantId')

export const missingTenant = () =>
  new Refusal('invalidParameter', 'tenantId must be given: the app reads many tenants, which /api/tenants lists.', 'tenantId')

export const misconfigured = (problems: readonly ConfigProblem[]) =>
  new Refusal('misconfigured', `${describeProblems(problems)} The log says what is expected.`)

/** Which settings are at fault, without their values. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  const names = [...new Set(problems.map(({ name }) => name))].join(', ')
  return `These settings are missing or wrong: ${names}.`
}
