import { z } from 'zod'
import { answerFeed } from '../../../src/feed/answer-feed.ts'
import type { Answer } from './job.ts'
import { openServices } from './services.ts'

const pageSchema = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() })

const HEADERS = new Headers({ 'odata-maxversion': '4.0' })

/** Reads a set to its end, link by link. Taking the pages apart is a client's work, and not in the time. */
export async function readFeed(): Promise<Answer<'readFeed'>> {
  const services = openServices()
  let rows = 0
  let milliseconds = 0
  for (let url: string | undefined = 'http://localhost/api/odata/MissingKbs'; url !== undefined;) {
    const startedAt = performance.now()
    const { status, text } = await answerFeed(services, { url, headers: HEADERS })
    milliseconds += performance.now() - startedAt
    if (status !== 200) throw new Error(`HTTP ${status}: ${text}`)
    const page = pageSchema.parse(JSON.parse(text))
    rows += page.value.length
    url = page['@odata.nextLink']
  }
  return { milliseconds, rows }
}
