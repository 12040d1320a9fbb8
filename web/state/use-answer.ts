import { useEffect, useState } from 'preact/hooks'
import type { Asked } from '../data/ask.ts'
import type { Answers } from '../data/routes.ts'
import { usePage } from './page.ts'

export interface Answer<T> {
  /** The last answer; while the next is on its way, still the one before. */
  asked: Asked<T> | undefined
  isLoading: boolean
}

/** The answer to a question, asked anew when the question changes; the last choice wins. */
export function useAnswer<Name extends keyof Answers>(path: string, has: readonly string[]): Answer<Answers[Name]> {
  const { ask, status } = usePage()
  // What has ended since is shown by itself.
  const newest = status?.asOf?.snapshotId
  const [begunWith, setBegunWith] = useState(newest)
  if (begunWith === undefined && newest !== undefined) setBegunWith(newest)
  const revision = begunWith === undefined || newest === begunWith ? '' : newest
  const question = `${path} ${revision}`
  const [answer, setAnswer] = useState<{ asked?: Asked<Answers[Name]>; to?: string }>({})
  useEffect(() => {
    const controller = new AbortController()
    ask<Name>({ path, has }, controller.signal).then(
      (asked) => setAnswer({ asked, to: question }),
      (error: unknown) => {
        if (!controller.signal.aborted) throw error
      },
    )
    return () => controller.abort()
  }, [question, ask])
  // From the moment on in which something else is asked, what is there is old.
  return { asked: answer.asked, isLoading: answer.to !== question }
}
