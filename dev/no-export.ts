import type { DefenderClient } from '../src/defender/index.ts'

const NONE = { kind: 'fault', fault: { kind: 'transient', code: 'noExport', detail: 'this stand-in has no export' } } as const

/** Of a stand-in for Defender that has no export, and counts nothing by software. */
export const noExport = (): Pick<DefenderClient, 'vulnerabilityExport' | 'exportFile' | 'softwareMissingKbs'> => ({
  vulnerabilityExport: () => Promise.resolve(NONE),
  exportFile: () => Promise.resolve(NONE),
  softwareMissingKbs: () => Promise.resolve({ kind: 'counted', kbs: [] }),
})
