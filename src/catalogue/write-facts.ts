import type { CatalogueDocument } from '../domain/index.ts'
import type { DocumentContribution } from './contribution.ts'
import { decodeContribution } from './contribution-format.ts'
import { foldFacts } from './fold.ts'
import { decodeKev } from './kev.ts'
import { KEV } from './refresh-kev.ts'
import type { RefreshRun } from './refresh-run.ts'

/** What the facts came to: how many KBs there are, and how many of them were written. */
export interface FactsWritten {
  kbs: number
  changed: number
}

/**
 * Makes the facts of all that is kept of the documents, and writes those that are new or other than before. Where something of a document
 * was lost the facts stay as they are, and it is read again.
 */
export async function writeFacts(
  { services, claim }: RefreshRun,
  documents: ReadonlyMap<string, CatalogueDocument>,
): Promise<FactsWritten> {
  const { catalogue } = services.store
  if (!claim.state.isUnfolded) return { kbs: 0, changed: 0 }
  const kept: DocumentContribution[] = []
  for await (const { name, text } of catalogue.texts()) {
    const document = name === KEV ? undefined : decodeContribution(name, text)
    if (document) kept.push(document)
  }
  const ids = new Set(kept.map(({ id }) => id))
  const lost = [...documents.values()].filter(({ documentId, revision }) => revision !== null && !ids.has(documentId))
  if (lost.length > 0) {
    // No revision is empty: it has moved.
    await claim.write({}, { documents: lost.map((document) => ({ ...document, revision: '', kbs: 0 })) })
    services.outside.log.warn('catalogue.lost', { documents: lost.map(({ documentId }) => documentId).join(', ') })
    return { kbs: 0, changed: 0 }
  }
  const facts = foldFacts(kept, decodeKev(await catalogue.text(KEV)))
  const changed = await catalogue.putAll(facts)
  await claim.write({ isUnfolded: false })
  return { kbs: facts.length, changed }
}
