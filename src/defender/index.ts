export { createDefenderClient, type DefenderClient } from './client.ts'
export { createCredential } from './credential.ts'
export type { Fault } from './fault.ts'
export type { AnotherCall, MissingKbsResult } from './missing-kbs-call.ts'
export { DEFENDER_POLICY } from './policy.ts'
export { retryDelayMs } from './retry.ts'
export { throttledUntil } from './retry-after.ts'
export { createTokenSource } from './token.ts'

/** What a Defender that a test scripts answers. @forTests */
export type { ListResult } from './list-machines-call.ts'
/** Where a test has its tokens from. @forTests */
export type { Credential } from './credential.ts'
/** Where a test has its tokens from. @forTests */
export type { TokenSource } from './token.ts'
