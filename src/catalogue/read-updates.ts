import type { z } from 'zod'
import { parseJson } from '../parse-json.ts'
import { dayOfText, instantOfText } from './cvrf-texts.ts'
import { update } from './cvrf-wire.ts'
import { CATALOGUE_POLICY } from './policy.ts'
import { readJson, type SourceFault, type Way } from './read-json.ts'

/** A document, by the list of them. */
export interface Update {
  /** `2026-Apr`, or one out of band, `2017-May-B`. */
  documentId: string
  initialDay: string
  /** The instant of its newest revision. */
  revision: string
}

/** The list of all documents, in no order; what is no document in it is left out. */
export async function readUpdates(msrcUrl: string, way: Way): Promise<{ updates: Update[] } | { fault: SourceFault }> {
  const updates = new Map<string, Update>()
  const value = (_: string, bytes: Buffer | undefined) => {
    const read = update.safeParse(bytes && parseJson(bytes.toString('utf8'))).data
    const found = read && toUpdate(read)
    if (found) updates.set(found.documentId, found)
  }
  const listener = { value, ends: () => undefined }
  const question = { url: `${msrcUrl}/updates`, wanted: { members: { value: { items: { take: 'update' } } } }, listener }
  const fault = await readJson({ ...question, limits: CATALOGUE_POLICY.answers.updates }, way)
  if (fault) return { fault }
  if (updates.size === 0) return { fault: { code: 'noDocuments', detail: 'the list has no document' } }
  return { updates: [...updates.values()] }
}

function toUpdate({ ID, InitialReleaseDate, CurrentReleaseDate }: z.output<typeof update>): Update | undefined {
  const [initialDay, revision] = [dayOfText(InitialReleaseDate), instantOfText(CurrentReleaseDate)]
  return initialDay === undefined || revision === undefined ? undefined : { documentId: ID, initialDay, revision }
}
