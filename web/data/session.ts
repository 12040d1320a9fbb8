/** How people get in, and what the one who asks may; src/page/session-route.ts tells it. */
export interface Session {
  signIn: 'key' | 'entra' | 'off'
  user?: string
  may?: { read: boolean; sync: boolean }
  signInUrl?: string
  detail?: string
}
