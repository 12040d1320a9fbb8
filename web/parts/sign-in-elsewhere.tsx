import type { Session } from '../data/session.ts'

/** Who signs in at the platform, or is signed in and may nothing: why, and where to go. */
export function SignInElsewhere({ session: { detail, signInUrl = '/.auth/login/aad' } }: { session: Session }) {
  const back = `${location.pathname}${location.search}`
  return (
    <main class="sign-in">
      <h1>patchtrail</h1>
      <p>{detail ?? 'Nobody is signed in.'}</p>
      <p>
        <a href={`${signInUrl}?post_login_redirect_uri=${encodeURIComponent(back)}`}>Sign in</a>
      </p>
    </main>
  )
}
