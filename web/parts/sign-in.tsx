import { useEffect, useRef, useState } from 'preact/hooks'

interface Props {
  wasRefused: boolean
  onKey: (key: string, isKept: boolean) => void
}

/** Asks for a function key. It is sent in a header, and stands in no address. */
export function SignIn({ wasRefused, onKey }: Props) {
  const [key, setKey] = useState('')
  const [isKept, setKept] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  return (
    <main class="sign-in">
      <h1>patchtrail</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (key.trim() !== '') onKey(key.trim(), isKept)
        }}
      >
        <label for="key">Function key</label>
        <input
          id="key"
          ref={input}
          type="password"
          autoComplete="current-password"
          value={key}
          onInput={({ currentTarget }) => setKey(currentTarget.value)}
          aria-describedby="key-help"
        />
        <p id="key-help">
          {wasRefused ? 'The app refused that key. ' : ''}A key of the function <code>pageData</code> opens what this page reads, and
          nothing else.
        </p>
        <p>
          <input id="keep" type="checkbox" checked={isKept} onChange={({ currentTarget }) => setKept(currentTarget.checked)} />
          <label for="keep"> Keep it until this tab closes</label>
        </p>
        <button type="submit">Open</button>
      </form>
    </main>
  )
}
