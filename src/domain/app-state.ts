/** What is known of an app that reads many tenants, beside them. */
export interface AppState {
  lastTickAt: string | null
  /** Since when the app's own identity gives no token for any tenant, and the platform's text, until it gives one again. */
  identitySince: string | null
  identityDetail: string | null
}
