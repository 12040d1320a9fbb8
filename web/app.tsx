import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { ask, type Question } from './data/ask.ts'
import { fetchFile } from './data/fetch-file.ts'
import { readSession } from './data/read-session.ts'
import { requestSnapshot } from './data/request-snapshot.ts'
import type { Answers } from './data/routes.ts'
import type { Session } from './data/session.ts'
import { Boundary } from './parts/boundary.tsx'
import { Header } from './parts/header.tsx'
import { SignIn } from './parts/sign-in.tsx'
import { SignInElsewhere } from './parts/sign-in-elsewhere.tsx'
import { Standing } from './parts/standing.tsx'
import { subjectOf, toView, writeAddress } from './state/address.ts'
import { keepKey, keptKey } from './state/kept-key.ts'
import { choicesOf, type Page, PageContext } from './state/page.ts'
import { useAddress } from './state/use-address.ts'
import { useKeptFocus } from './state/use-kept-focus.ts'
import { useNarrow } from './state/use-narrow.ts'
import { useStatus } from './state/use-status.ts'
import { useTenant } from './state/use-tenant.ts'
import { VIEW_COMPONENTS } from './views/index.ts'

/** The whole page: who is there, whom it is about, where it stands, and the view of that. */
export function App() {
  const [key, setKey] = useState(keptKey)
  const [isSignedOut, setSignedOut] = useState(false)
  const session = useSession()
  const askWithKey = useCallback(
    async <Name extends keyof Answers>(question: Question, signal: AbortSignal) => {
      const asked = await ask<Answers[Name]>(question, key, signal)
      if (asked.kind === 'signedOut') setSignedOut(true)
      return asked
    },
    [key],
  )
  if (session?.signIn === 'entra' && session.may?.read === false) return <SignInElsewhere session={session} />
  if (!isSignedOut) return <Signed session={session} ask={askWithKey} apiKey={key} />
  if (session?.signIn === 'entra') return <SignInElsewhere session={session} />
  const enter = (given: string, isKept: boolean) => {
    if (isKept) keepKey(given)
    setKey(given)
    setSignedOut(false)
  }
  return <SignIn wasRefused={key !== undefined} onKey={enter} />
}

interface SignedProps {
  session: Session | undefined
  ask: Page['ask']
  apiKey: string | undefined
}

/** The page of somebody who gets in. */
function Signed({ session, ask: asking, apiKey }: SignedProps) {
  const { address, go } = useAddress()
  const isNarrow = useNarrow()
  const tenantId = address.params.get('tenantId') ?? undefined
  const whom = useTenant(asking, tenantId)
  const query = tenantId === undefined ? '' : `?tenantId=${encodeURIComponent(tenantId)}`
  useKeptFocus('main')
  const { status, refresh } = useStatus(asking, whom?.kind === 'one' ? `status${query}` : undefined)
  useEffect(() => {
    if (whom?.kind === 'many' && tenantId === undefined && address.view !== 'tenants') go(toView(address, 'tenants'), 'replace')
  }, [whom, tenantId, address])
  const page = useMemo<Page>(
    () => ({
      ...choicesOf(address, go),
      ...{ session, whom, status, isNarrow, ask: asking },
      fetchFile: (path) => fetchFile(path, apiKey),
      requestSnapshot: () => requestSnapshot({ session, key: apiKey, query }).finally(refresh),
    }),
    [address, go, session, whom, status, isNarrow, asking, apiKey, query, refresh],
  )
  const View = VIEW_COMPONENTS[address.view]
  return (
    <PageContext.Provider value={page}>
      <Header />
      <Standing />
      <main id="main" tabIndex={-1}>
        <Boundary key={subjectOf(address)} address={writeAddress(address)}>
          <View />
        </Boundary>
      </main>
    </PageContext.Provider>
  )
}

function useSession(): Session | undefined {
  const [session, setSession] = useState<Session>()
  useEffect(() => void readSession().then(setSession), [])
  return session
}
