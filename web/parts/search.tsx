import { useEffect, useRef, useState } from 'preact/hooks'
import type { Asked } from '../data/ask.ts'
import type { Found } from '../data/answers.ts'
import { usePage } from '../state/page.ts'
import { KbLink, MachineLink } from './names.tsx'

/** Pause after the last letter before the app is asked. */
const PAUSE_MS = 250

/** Machines and KBs by the beginning of a name or id; `/` leads here from everywhere. */
export function Search() {
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const found = useFound(text.trim())
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
  const close = () => setText('')
  return (
    <div class="search" role="search" onKeyDown={({ key }) => key === 'Escape' && close()}>
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
      {found && <Results found={found} onFollow={close} />}
    </div>
  )
}

function Results({ found, onFollow }: { found: Asked<Found>; onFollow: () => void }) {
  if (found.kind !== 'ok') return <p class="results">{found.kind === 'problem' ? found.detail : 'The search gave no answer.'}</p>
  const { machines, kbs } = found.json
  return (
    <ul class="results" aria-label="Found" onClick={onFollow}>
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

function useFound(text: string): Asked<Found> | undefined {
  const { ask, pathOf } = usePage()
  const [found, setFound] = useState<Asked<Found>>()
  useEffect(() => {
    setFound(undefined)
    if (text.length < 2) return
    const controller = new AbortController()
    const timer = setTimeout(() => {
      ask<'search'>({ path: pathOf('search', { q: text, limit: '8' }), has: ['machines', 'kbs'] }, controller.signal).then(
        setFound,
        () => undefined,
      )
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [text, ask])
  return found
}
