import type { DefenderClient } from '../src/defender/index.ts'

const NONE = { kind: 'fault', fault: { kind: 'transient', code: 'noExport', detail: 'this stand-in has no export' } } as const

/** Of a stand-in for Defender that has no export. */
export const noExport = (): Pick<DefenderClient, 'vulnerabilityExport' | 'exportFile'> => ({
  vulnerabilityExport: () => Promise.resolve(NONE),
  exportFile: () => Promise.resolve(NONE),
})
