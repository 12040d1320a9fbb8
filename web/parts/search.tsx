import { useEffect, useRef, useState } from 'preact/hooks'
import type { Asked } from '../data/ask.ts'
import type { Found } from '../data/answers.ts'
import { usePage } from '../state/page.ts'
import { KbLink, MachineLink } from './names.tsx'

/** Pause after the last letter before the app is asked. */
const PAUSE_MS = 250

/** Machines and KBs by the beginning of a name or id; `/` leads here from everywhere. What is typed is in the address: Back finds it again. */
export function Search() {
  const { address } = usePage()
  const typed = address.params.get('search') ?? ''
  const input = useSlash()
  const [text, setText] = useTyped(typed)
  const found = useFound(typed.trim())
  const leave = () => {
    input.current?.focus()
    setText('')
  }
  return (
    <div class="search" role="search" onKeyDown={({ key }) => key === 'Escape' && leave()}>
      <label for="search">Machine or KB</label>
      <input
        id="search"
        ref={input}
        type="search"
        autoComplete="off"
        placeholder="/ machine or KB"
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      {found && text === typed && <Results found={found} />}
    </div>
  )
}

function Results({ found }: { found: Asked<Found> }) {
  if (found.kind !== 'ok') return <p class="results">{found.kind === 'problem' ? found.detail : 'The search gave no answer.'}</p>
  const { machines, kbs } = found.json
  return (
    <ul class="results" aria-label="Found">
      {machines.length + kbs.length === 0 && <li>Nothing begins with that.</li>}
      {kbs.map((kb) => (
        <li key={kb.kbId}>
          <KbLink {...kb} />
        </li>
      ))}
      {machines.map((machine) => (
        <li key={machine.machineId}>
          <MachineLink {...machine} />
        </li>
      ))}
    </ul>
  )
}

/** The field that `/` leads to. */
function useSlash() {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && /^(input|select|textarea)$/i.test(event.target.tagName)
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      input.current?.focus()
    }
    addEventListener('keydown', focus)
    return () => removeEventListener('keydown', focus)
  }, [])
  return input
}

/** A text that goes into the address after a pause, in place of what was there, and comes from it on Back. */
function useTyped(typed: string) {
  const { choose } = usePage()
  const [text, setText] = useState(typed)
  const written = useRef(typed)
  useEffect(() => {
    // What was written from here is there already, and there may be more letters by now.
    if (typed !== written.current) setText(typed)
    written.current = typed
  }, [typed])
  useEffect(() => {
    if (text === written.current) return
    const timer = setTimeout(() => {
      written.current = text
      choose({ search: text === '' ? undefined : text }, 'replace')
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, choose])
  return [text, setText] as const
}

/** What was found for a text; nothing while another one's is all there is. */
function useFound(text: string): Asked<Found> | undefined {
  const { ask, pathOf } = usePage()
  const [found, setFound] = useState<{ asked: Asked<Found>; to: string }>()
  useEffect(() => {
    if (text.length < 2) return
    const controller = new AbortController()
    const path = pathOf('search', { q: text, limit: '8' })
    ask<'search'>({ path, has: ['machines', 'kbs'] }, controller.signal).then(
      (asked) => setFound({ asked, to: text }),
      () => undefined,
    )
    return () => controller.abort()
  }, [text, ask])
  return found?.to === text ? found.asked : undefined
}
