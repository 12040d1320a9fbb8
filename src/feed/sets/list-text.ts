import { LIST_SEPARATOR } from '../model.ts'

/** A list as one text; null for an empty one. */
export const listText = (items: readonly string[]): string | null => (items.length === 0 ? null : items.join(LIST_SEPARATOR))
