import type { Outside } from '../outside.ts'
import type { CallContext } from './call.ts'
import { createExportFiles, type ExportFileResult } from './export-file.ts'
import { listMachines, type ListResult, type MachinesQuery } from './list-machines-call.ts'
import { machine, type MachineResult } from './machine-call.ts'
import type { AnotherCall } from './kb-pages.ts'
import { missingKbs, type MissingKbsResult } from './missing-kbs-call.ts'
import { DEFENDER_POLICY } from './policy.ts'
import { NO_PROXIES, type Proxies } from './proxies.ts'
import { softwareMissingKbs, type SoftwareKbsResult } from './software-missing-kbs-call.ts'
import type { TokenSource } from './token.ts'
import { createTransport } from './transport.ts'
import { type ExportFile, type ExportResult, vulnerabilityExport } from './vulnerability-export-call.ts'

/** The calls of Defender for Endpoint. Each makes one attempt: whether, when and within which budget to repeat it is the caller's. */
export interface DefenderClient {
  /** The KBs that a machine misses. Every page after the first costs another call. */
  missingKbs(machineId: string, anotherCall: AnotherCall): Promise<MissingKbsResult>
  listMachines(page: MachinesQuery): Promise<ListResult>
  machine(machineId: string): Promise<MachineResult>
  vulnerabilityExport(): Promise<ExportResult>
  /** Downloads a file of an export, without the bearer token. */
  exportFile(file: ExportFile): Promise<ExportFileResult>
  /** The KBs that the machines with a software miss, and on how many. Every page after the first costs another call. */
  softwareMissingKbs(softwareId: string, anotherCall: AnotherCall): Promise<SoftwareKbsResult>
  close(): Promise<void>
}

export interface DefenderClientOptions {
  /** Origin of the API, e.g. `https://api.security.microsoft.com`. */
  apiUrl: string
  concurrency: number
  callTimeoutMs?: number
  token: TokenSource
  /** None, if left out. */
  proxies?: Proxies
  outside: Pick<Outside, 'clock' | 'log'>
}

export function createDefenderClient(options: DefenderClientOptions): DefenderClient {
  const { apiUrl, concurrency, callTimeoutMs = DEFENDER_POLICY.callTimeoutMs, proxies = NO_PROXIES, token, outside } = options
  const { origin } = new URL(apiUrl)
  const transport = createTransport({ origin, concurrency, callTimeoutMs, proxies })
  const files = createExportFiles({ proxies, idleTimeoutMs: Math.min(callTimeoutMs, DEFENDER_POLICY.fileIdleTimeoutMs) })
  const context: CallContext = { origin, token, transport, outside }
  return {
    missingKbs: (machineId, anotherCall) => missingKbs(context, machineId, anotherCall),
    listMachines: (page) => listMachines(context, page),
    machine: (machineId) => machine(context, machineId),
    vulnerabilityExport: () => vulnerabilityExport(context),
    exportFile: ({ address }) => files.open(address),
    close: async () => {
      await Promise.all([transport.close(), files.close()])
    },
    softwareMissingKbs: (softwareId, anotherCall) => softwareMissingKbs(context, softwareId, anotherCall),
  }
}
