import type { ComponentChildren } from 'preact'
import { usePage } from '../state/page.ts'

interface Props {
  /** What is chosen, in a line. */
  chosen: readonly (string | undefined)[]
  children: ComponentChildren
}

/** What can be chosen of a view; where there is no room a line that says what is, and opens. On paper the line alone. */
export function Filters({ chosen, children }: Props) {
  const { isNarrow } = usePage()
  const line = chosen
    .filter((part) => part !== undefined && part !== '')
    .map((part, index) => (
      <span key={index}>
        {index > 0 && ' · '}
        <bdi>{part}</bdi>
      </span>
    ))
  const form = (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      {children}
    </form>
  )
  return (
    <>
      {isNarrow ? (
        <details class="folded">
          <summary>Filters: {line}</summary>
          {form}
        </details>
      ) : (
        form
      )}
      <p class="on-paper">Shown: {line}</p>
    </>
  )
}
