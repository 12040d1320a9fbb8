import { useEffect } from 'preact/hooks'

/** Where the focus goes when what has it is taken away: else whoever has no mouse would begin again at the top of the page. */
export function useKeptFocus(refuge: string): void {
  useEffect(() => {
    let last: EventTarget | null = null
    const remember = ({ target }: FocusEvent) => {
      last = target
    }
    const rescue = () => {
      if (document.activeElement !== document.body || !(last instanceof Element) || last.isConnected) return
      last = null
      document.getElementById(refuge)?.focus({ preventScroll: true })
    }
    const observer = new MutationObserver(rescue)
    observer.observe(document.body, { childList: true, subtree: true })
    addEventListener('focusin', remember)
    return () => {
      observer.disconnect()
      removeEventListener('focusin', remember)
    }
  }, [refuge])
}
