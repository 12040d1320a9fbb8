import { useState } from 'preact/hooks'
import type { SnapshotRef } from '../data/answers.ts'
import { withParams, writeAddress } from '../state/address.ts'
import { usePage } from '../state/page.ts'

/** A link to just this: both ends as the snapshots that they mean now, so that it shows the same rows next year. */
export function CopyLink({ from, to }: { from: SnapshotRef; to: SnapshotRef }) {
  const { address } = usePage()
  const [isCopied, setCopied] = useState(false)
  const pinned = writeAddress(withParams(address, { from: from.snapshotId, to: to.snapshotId, cursor: undefined, search: undefined }))
  const copy = async () => {
    await navigator.clipboard.writeText(new URL(pinned, location.href).href)
    setCopied(true)
  }
  return (
    <span class="filter beside">
      <button type="button" onClick={() => void copy().catch(() => setCopied(false))}>
        Copy link
      </button>
      <span role="status">{isCopied ? 'Copied: it names both snapshots.' : ''}</span>
    </span>
  )
}
