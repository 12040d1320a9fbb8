import type { ComponentChildren } from 'preact'
import type { Asked } from '../data/ask.ts'
import type { Answer } from '../state/use-answer.ts'

interface Props<T> {
  answer: Answer<T>
  /** Of the place that the answer will take, so that nothing jumps when it comes. */
  height: string
  children: (json: T) => ComponentChildren
}

/** An answer, or what stands in its place: a skeleton, or why there is none. Old figures stay, dimmed, while new ones are on their way. */
export function Shown<T>({ answer: { asked, isLoading }, height, children }: Props<T>) {
  if (!asked) return <div class={`skeleton ${height}`} role="status" aria-label="Loading" />
  if (asked.kind !== 'ok') return <Notice asked={asked} />
  return (
    <div class={isLoading ? 'stale' : undefined} aria-busy={isLoading}>
      {children(asked.json)}
    </div>
  )
}

/** Why there is no answer, each in words of its own. */
function Notice({ asked }: { asked: Exclude<Asked<unknown>, { kind: 'ok' }> }) {
  const { title, text } = wordsOf(asked)
  return (
    <section class="notice bad" role="alert">
      <h2>{title}</h2>
      <p>{text}</p>
    </section>
  )
}

function wordsOf(asked: Exclude<Asked<unknown>, { kind: 'ok' }>): { title: string; text: string } {
  if (asked.kind === 'offline')
    return { title: 'No connection', text: 'The app cannot be reached. The page asks again when you reload it.' }
  if (asked.kind === 'signedOut') return { title: 'Signed out', text: 'Sign in again to go on.' }
  if (asked.kind === 'foreign')
    return {
      title: 'Not an answer of the app',
      text: `Something between this page and the app answered in its place (status ${asked.status}): a proxy, or a sign-in.`,
    }
  if (asked.status === 404 && asked.detail.startsWith('No snapshot'))
    return { title: 'No snapshot yet', text: 'The first one has not ended. Snapshots shows how far it is.' }
  return { title: asked.title, text: asked.detail }
}
