import { afterStoragePage, type AnswerPage, emptyPage, endedPage, type PageRequest, sectionsWanted } from './page-so-far.ts'
import { readInOrder } from './read-in-order.ts'
import type { Scan } from './section.ts'

/**
 * Reads one page. It ends when it is full, or when so much was looked at that it must end, empty perhaps. Unless `isExact`, it ends where
 * a storage page does, so that nothing is read twice.
 */
export async function readPage(scan: Scan, request: PageRequest): Promise<AnswerPage> {
  let page = emptyPage(request)
  if (request.top === 0) return { rows: page.rows }
  for await (const step of readInOrder(scan, () => sectionsWanted(page, request))) {
    if (step.kind === 'storagePage') page = afterStoragePage(page, step, request)
    const ended = endedPage(page, request, step.end)
    if (ended) return ended
  }
  return { rows: page.rows }
}
