export { createAssertionCredential, managedIdentity } from './assertion-credential.ts'
export { clouds } from './clouds.ts'
export { createDefenderClient, type DefenderClient } from './client.ts'
export { createCredential } from './credential.ts'
export { createDispatcher } from './dispatcher.ts'
export { type Fault, isWithoutToken } from './fault.ts'
export type { AnotherCall, MissingKbsResult } from './missing-kbs-call.ts'
export { networkFault } from './network-fault.ts'
export { DEFENDER_POLICY } from './policy.ts'
export { type Proxies, readProxies } from './proxies.ts'
export { retryDelayMs } from './retry.ts'
export { throttledUntil } from './retry-after.ts'
export { createTokenSource, type TokenSource } from './token.ts'

/** What a Defender that a test scripts answers. @forTests */
export type { ListResult } from './list-machines-call.ts'
/** Where a test has its tokens from. @forTests */
export type { Credential } from './credential.ts'
