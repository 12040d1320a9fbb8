/** `invalid_client: Error(s): 7000215 - …` -> `invalid_client`, also behind the names of credentials: `… Message network_error: See …`. */
const OAUTH_CODE = /(?:^|: |Message )([a-z]+_[a-z_]+): /

/** `connect ECONNREFUSED 127.0.0.1:80` -> `ECONNREFUSED` */
const SYSTEM_CODE = /\b(ECONN\w+|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)\b/

/** The word for the error that a line begins with, or names. */
export const codeOf = (line: string) => OAUTH_CODE.exec(line)?.[1] ?? SYSTEM_CODE.exec(line)?.[1]

/** An error on the way from a credential. */
export interface Cause {
  name: string
  message: string
  status: number | undefined
  /** Words for the error that the libraries give, or begin a line with. */
  codes: string[]
}

/** An error, the errors of the credentials in its chain, and their causes. */
export function causesOf(error: unknown): Cause[] {
  if (!(error instanceof Error)) return [{ name: '', message: '', status: undefined, codes: [] }]
  const inner = 'errors' in error && Array.isArray(error.errors) ? (error.errors as unknown[]) : []
  const causes = [...inner, ...(error.cause === undefined ? [] : [error.cause])]
  return [toCause(error), ...causes.flatMap(causesOf)]
}

function toCause(error: Error): Cause {
  const { name, message, status, statusCode, code, errorCode } = error as Error & Record<string, unknown>
  const told = [code, errorCode, ...message.split('\n').map(codeOf)].filter((word) => typeof word === 'string')
  return { name, message, status: [statusCode, status].find((value) => typeof value === 'number'), codes: told }
}
