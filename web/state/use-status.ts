import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Asked } from '../data/ask.ts'
import type { Status } from '../data/status.ts'
import type { Page } from './page.ts'

const EVERY_MS = 60_000
const WHILE_RUNNING_MS = 15_000

/** How the app stands, asked again each minute, more often while a snapshot runs, and not while nobody looks. */
export function useStatus(ask: Page['ask'], path: string | undefined): { status: Status | undefined; refresh: () => void } {
  const [status, setStatus] = useState<Status>()
  const [asked, setAsked] = useState(0)
  const refresh = useCallback(() => setAsked((count) => count + 1), [])
  const isRunning = status?.running !== undefined
  useEffect(() => {
    if (path === undefined) return
    const controller = new AbortController()
    if (!document.hidden) ask<'status'>({ path, has: ['status', 'budget'] }, controller.signal).then(keep, () => undefined)
    const timer = setTimeout(refresh, isRunning ? WHILE_RUNNING_MS : EVERY_MS)
    document.addEventListener('visibilitychange', refresh)
    return () => {
      controller.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', refresh)
    }
    function keep(answer: Asked<Status>) {
      if (answer.kind === 'ok') setStatus(answer.json)
    }
  }, [ask, path, asked, isRunning])
  return { status, refresh }
}
