/** A KB that rows of a machine name as what is to be installed, with the products of those rows, sorted. */
export interface ExportedKb {
  kbId: string
  productsNames: readonly string[]
}

/** What an export says of a machine: that it was assessed, and the KBs of its rows. All of them, superseded ones as well. */
export interface ExportedMachine {
  machineId: string
  /** With the revision, e.g. `10.0.26100.7171`; of the newest of its rows, as the group is. */
  osVersion: string | null
  /** When its software was reported last. */
  reportedAt: string | null
  rbacGroupName: string | null
  /** Sorted by id; none where it misses none. */
  kbs: readonly ExportedKb[]
}

/** Why an export is not believed in full. */
export interface ExportDoubt {
  code: 'exportBrokenLines' | 'exportFell' | 'exportGroupVanished'
  detail: string
}

/** What an export calls a KB: by most of its rows. */
export interface ExportedKbName {
  kbName: string | null
  url: string | null
}
