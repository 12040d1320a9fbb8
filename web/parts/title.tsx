import { useEffect, useRef } from 'preact/hooks'
import { usePage } from '../state/page.ts'
import { PrintHeading } from './print-heading.tsx'

/** A name may be as long as a thousand characters: a tab shows the beginning. */
const MOST_CHARACTERS = 60
const TURNS_DIRECTION = /[\u202A-\u202E\u2066-\u2069]/

interface Props {
  children: string
  /** The machine, KB or month that the view is about, as soon as it is known. */
  of?: string | undefined
}

/** The heading of a view: the document is named for it, and whoever goes there by keyboard begins at it. */
export function Title({ children, of }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  const { whom } = usePage()
  const tenant = whom?.kind === 'one' ? whom.name : undefined
  const name = of ?? children
  useEffect(() => {
    document.title = [name, 'patchtrail', tenant].flatMap((part) => (part === undefined ? [] : told(part))).join(' · ')
  }, [name, tenant])
  useEffect(() => heading.current?.focus({ preventScroll: true }), [children])
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {children}
      </h1>
      <PrintHeading />
    </>
  )
}

/** A name by its beginning, its direction kept to itself. */
function told(name: string): string {
  const letters = [...name]
  const short = letters.length > MOST_CHARACTERS ? `${letters.slice(0, MOST_CHARACTERS).join('')}…` : name
  return TURNS_DIRECTION.test(short) ? `\u2068${short}\u2069` : short
}
