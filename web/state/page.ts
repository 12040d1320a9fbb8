import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Asked, Question } from '../data/ask.ts'
import type { FetchedFile } from '../data/fetch-file.ts'
import type { Requested } from '../data/request-snapshot.ts'
import type { Answers } from '../data/routes.ts'
import type { Session } from '../data/session.ts'
import type { Status } from '../data/status.ts'
import type { Whom } from '../data/whom.ts'
import { type Address, type Patch, toView, type View, withParams, writeAddress } from './address.ts'

/** What every part of the page may use. */
export interface Page {
  /** Undefined until it is told. */
  session: Session | undefined
  whom: Whom | undefined
  status: Status | undefined
  requestSnapshot: () => Promise<Requested>
  address: Address
  /** Whether there is no room for more than what matters most. */
  isNarrow: boolean
  /** Goes to an address; `replace` while somebody types, so that Back does not walk through letters. */
  go: (address: Address, how?: 'push' | 'replace') => void
  /** Changes what is chosen in this view. */
  choose: (patch: Patch, how?: 'push' | 'replace') => void
  /** The address of another view about the same tenant, for a link. */
  hrefOf: (view: View, patch?: Patch) => string
  ask: <Name extends keyof Answers>(question: Question, signal: AbortSignal) => Promise<Asked<Answers[Name]>>
  fetchFile: (path: string) => Promise<FetchedFile>
  /** Path of a question about the tenant that is looked at. */
  pathOf: (path: string, params?: Patch) => string
}

export const PageContext = createContext<Page | undefined>(undefined)

export function usePage(): Page {
  const page = useContext(PageContext)
  if (!page) throw new Error('This is not inside of the page.')
  return page
}

/** What an address lets one choose. */
export function choicesOf(address: Address, go: Page['go']): Pick<Page, 'address' | 'go' | 'choose' | 'hrefOf' | 'pathOf'> {
  const tenantId = address.params.get('tenantId') ?? undefined
  return {
    address,
    go,
    choose: (patch, how) => go(withParams(address, patch), how),
    hrefOf: (view, patch) => writeAddress(toView(address, view, patch)),
    pathOf: (path, params = {}) => {
      const none: Address = { view: address.view, params: new URLSearchParams() }
      const query = withParams(none, { ...params, ...(tenantId !== undefined && { tenantId }) }).params.toString()
      return query === '' ? path : `${path}?${query}`
    },
  }
}
