import { useEffect, useRef } from 'preact/hooks'
import { usePage } from '../state/page.ts'

/** The heading of a view: the document is named for it, and whoever goes there by keyboard begins at it. */
export function Title({ children }: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const { whom } = usePage()
  const name = whom?.kind === 'one' ? whom.name : undefined
  useEffect(() => {
    document.title = [children, name, 'patchtrail'].filter((part) => part !== undefined).join(' · ')
  }, [children, name])
  useEffect(() => heading.current?.focus({ preventScroll: true }), [children])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}
