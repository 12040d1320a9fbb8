import { causesOf } from './causes.ts'

/** No token for any tenant: the app's own identity is at fault, and not the tenant that was asked for. */
export class AppIdentityError extends Error {
  override readonly name = 'AppIdentityError'
}

/**
 * Refusals in the words of one that concerns the client itself, which the tenant's administrator mends: the app was let in and taken out again,
 * or is switched off there. https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const OF_THE_TENANT = /AADSTS(7000229|7000112)\b/

/**
 * Whether the authority refused the app as a client, which concerns every tenant: an assertion that matches no federated credential, or of a
 * key that is not known. What a tenant refuses has other words, but for a few. https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export const isClientRefused = (error: unknown): boolean =>
  causesOf(error).some(({ codes, message }) => codes.includes('invalid_client') && !OF_THE_TENANT.test(message))
