import { useState } from 'preact/hooks'
import { usePage } from '../state/page.ts'

/** A file of all that is chosen, byte for byte the API's. By `fetch`, as a plain link could carry the key in its address alone. */
export function Download({ path, name }: { path: string; name: string }) {
  const { fetchFile } = usePage()
  const [problem, setProblem] = useState<string>()
  const save = async () => {
    setProblem(undefined)
    const file = await fetchFile(path)
    if (!file.ok) return setProblem(file.detail)
    const url = URL.createObjectURL(file.blob)
    const link = document.createElement('a')
    link.href = url
    link.download = file.name ?? name
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <span class="filter">
      <button type="button" onClick={() => void save()}>
        CSV
      </button>
      {problem !== undefined && <span role="alert">{problem}</span>}
    </span>
  )
}
