import { createHash } from 'node:crypto'
import { namePart } from './keys.ts'

const hashOf = (name: string) => createHash('sha256').update(name).digest('hex')

/** A group's name in keys; none is the empty part. */
export const groupPart = (group: string | null): string => namePart(group, hashOf)
