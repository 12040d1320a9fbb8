import type { SourceKind } from '../domain/index.ts'
import { perMachine } from './per-machine.ts'
import type { Source, SourcePorts } from './source.ts'

export type { Source, SourcePorts } from './source.ts'

/** Every kind of source: a new one is a file and an entry. */
const SOURCES: Readonly<Record<SourceKind, (ports: SourcePorts) => Source>> = { perMachine }

export const openSource = (kind: SourceKind, ports: SourcePorts): Source => SOURCES[kind](ports)
