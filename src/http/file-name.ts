import type { Clock } from '../clock.ts'

/** The day on which a list as of now was read: `2026-06-12`. */
export const dayOf = (clock: Clock) => new Date(clock.now()).toISOString().slice(0, 10)

/** The name of a file as a header takes it: the id of a KB may be any text, and this may not. */
export const attachment = (fileName: string) =>
  `attachment; filename="patchtrail-${fileName.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, NAME_CHARACTERS)}.csv"`

const NAME_CHARACTERS = 150
