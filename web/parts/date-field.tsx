import { useEffect, useState } from 'preact/hooks'

interface Props {
  id: string
  label: string
  /** YYYY-MM-DD, or nothing. */
  value: string
  onChoose: (value: string) => void
}

/** After the last key; whoever leaves the field does not wait. */
const PAUSE_MS = 700

/** A date. It is taken after a pause: by keyboard every digit of a year makes another date, and Back would walk through them. */
export function DateField({ id, label, value, onChoose }: Props) {
  const [draft, setDraft] = useState<string>()
  useEffect(() => setDraft(undefined), [value])
  const take = () => {
    setDraft(undefined)
    if (draft !== undefined && draft !== value) onChoose(draft)
  }
  useEffect(() => {
    const timer = setTimeout(take, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [draft])
  return (
    <span class="filter">
      <label for={id}>{label}</label>
      <input id={id} type="date" value={draft ?? value} onChange={({ currentTarget }) => setDraft(currentTarget.value)} onBlur={take} />
    </span>
  )
}
