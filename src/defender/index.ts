export {
  createDefenderClient,
  type AnotherCall,
  type DefenderClient,
  type DefenderClientOptions,
  type FaultResult,
  type ListResult,
  type MachineResult,
  type MissingKbsResult,
} from './client.ts'
export { cloudApiUrl, cloudNames, clouds, regions, type Cloud, type CloudName, type Region } from './clouds.ts'
export { createCredential, type Credential, type CredentialOptions } from './credential.ts'
export type { Fault, FaultKind } from './fault.ts'
export type { Machine } from './machine.ts'
export type { MissingKb } from './missing-kb.ts'
export { DEFENDER_POLICY } from './policy.ts'
export { retryDelayMs } from './retry.ts'
export { throttledUntil } from './retry-after.ts'
export { createTokenSource, type TokenResult, type TokenSource, type TokenSourceOptions } from './token.ts'
