import { useCallback, useEffect, useState } from 'preact/hooks'
import { type Address, readAddress, writeAddress } from './address.ts'
import type { Page } from './page.ts'

/** The address in the browser's bar, and Back and Forward. */
export function useAddress(): { address: Address; go: Page['go'] } {
  const [address, setAddress] = useState(() => readAddress(location.search))
  useEffect(() => {
    // What was given and is not kept, a key for one, leaves the bar and the history.
    history.replaceState(null, '', writeAddress(readAddress(location.search)))
    const read = () => setAddress(readAddress(location.search))
    addEventListener('popstate', read)
    return () => removeEventListener('popstate', read)
  }, [])
  const go = useCallback<Page['go']>((next, how = 'push') => {
    const url = writeAddress(next)
    if (how === 'push') history.pushState(null, '', url)
    else history.replaceState(null, '', url)
    setAddress(readAddress(url))
  }, [])
  return { address, go }
}
