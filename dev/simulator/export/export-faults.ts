const CALL = { on: ['export'], of: 'calls' } as const
const FILE = { on: ['file'], of: 'calls' } as const
/** A file that is made so is so whenever it is fetched. */
const MADE = { on: ['file'], of: 'machines' } as const

/**
 * Every way in which the export and its files are reported, or must be feared, to misbehave. Those of all calls (`throttled`,
 * `missingRole`, `reset`, `slow`, …) strike here too, `on` `export` or `file`.
 */
export const EXPORT_FAULTS = {
  /** 200 and no body: https://github.com/elastic/integrations/issues/15749 */
  exportEmptyBody: CALL,
  /** `exportFiles` is empty. */
  exportNoFiles: CALL,
  /** There is no `exportFiles`. */
  exportWithoutFiles: CALL,
  /** The files of one RBAC group are not named: of those in `groups`, or else of one drawn. */
  exportGroupMissing: CALL,
  /** The export of so many `exports` before; 3 unless told, so that it is older than twelve hours. */
  exportOld: CALL,
  /** The export that was given last, whatever has been made since. */
  exportStuck: CALL,
  /** One that is made at this moment, out of turn. */
  exportMadeAnew: CALL,

  /** 403 with XML, as after the expiry. */
  fileExpired: FILE,
  /** 404 with XML, if a newer export has been made than the one that the file is of. */
  fileGone: FILE,
  /** 503 with XML, as of a storage account that is throttled. */
  fileBusy: FILE,
  /** 200 and not one byte. */
  fileEmpty: FILE,
  /** The five break after the first `rows` rows, half of them unless told: the body ends there, as if it were whole, */
  fileCut: FILE,
  /** or goes on with bytes that are no gzip, */
  fileBroken: FILE,
  /** or does not go on, nor end, */
  fileStalls: FILE,
  /** or the connection ends, */
  fileAborted: FILE,
  /** or is reset, which may take back what had gone out before. */
  fileReset: FILE,
  /** All rows are there, and the checksum at the end is wrong. */
  fileWrongChecksum: FILE,
  /** `content-encoding: gzip`, at which some clients inflate by themselves. */
  fileContentEncoding: FILE,

  /** After the first `rows` rows, half of them unless told, comes a line that is cut in its middle, */
  fileBrokenLine: MADE,
  /** or a good row of so many `bytes`, 4 MiB unless told. */
  fileLongLine: MADE,
  /** Lines end with CR LF, some are empty, and the last has no end. */
  fileOddLines: MADE,
  /** Names as in the JSON API, camelCase, and nulls written out. */
  fileCamelCase: MADE,
  /** Names in letters of any case, other ones in every row. */
  fileAnyCase: MADE,
  /** Text that is null is "". */
  fileEmptyStrings: MADE,
  /** Every third row twice, the second time at the end. */
  fileDuplicateRows: MADE,
  /** Rows of machines that no list shows, which lack KBs. */
  fileForeignMachines: MADE,
  /** The ids of machines in capitals. */
  fileCapitalIds: MADE,
  /** A `share` of the machines is not in it, half of them unless told. */
  fileFewerMachines: MADE,
  /** `KB` in front of the ids of KBs. */
  fileKbInFront: MADE,
  /** For every machine rows more whose update has an id that is no KB's. */
  fileOddIds: MADE,
} as const
