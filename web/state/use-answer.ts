import { useEffect, useState } from 'preact/hooks'
import type { Asked, Question } from '../data/ask.ts'
import { usePage } from './page.ts'

export interface Answer<T> {
  /** The last answer; while the next is on its way, still the one before. */
  asked: Asked<T> | undefined
  isLoading: boolean
}

/** The answer to a question, asked anew when the question changes; the last choice wins. */
export function useAnswer<T>(path: string, has: readonly string[]): Answer<T> {
  const { ask, status } = usePage()
  // What has ended since is shown by itself.
  const newest = status?.asOf?.snapshotId
  const [begunWith, setBegunWith] = useState(newest)
  if (begunWith === undefined && newest !== undefined) setBegunWith(newest)
  const revision = begunWith === undefined || newest === begunWith ? '' : newest
  const [answer, setAnswer] = useState<Answer<T>>({ asked: undefined, isLoading: true })
  useEffect(() => {
    const controller = new AbortController()
    const question: Question = { path, has }
    setAnswer(({ asked }) => ({ asked, isLoading: true }))
    ask<T>(question, controller.signal).then(
      (asked) => setAnswer({ asked, isLoading: false }),
      (error: unknown) => {
        if (!controller.signal.aborted) throw error
      },
    )
    return () => controller.abort()
  }, [path, ask, revision])
  return answer
}
