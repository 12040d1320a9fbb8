import { createHash } from 'node:crypto'
import { draw, drawIndex } from '../draw.ts'
import type { Character } from '../machine-character.ts'
import type { FileMischief } from './file-mischief.ts'
import type { ExportRow } from './row.ts'
import type { ExportFile, VulnerabilityExports } from './vulnerability-exports.ts'

/** Of so many machines rows lie about among each other. */
const SCATTERED_AMONG = 50
const FOREIGN_MACHINES = 3
const ODD_IDS = ['5073379, 5075899', 'KB', 'ADV200002', '507', 'https://support.microsoft.com/help/5073379', '５０７３３７９'] as const

/** The rows of a file, in their order; with what is struck. */
export function* rowsOfFile(file: ExportFile, exports: VulnerabilityExports, mischief: FileMischief): Generator<ExportRow> {
  const again: ExportRow[] = []
  let count = 0
  for (const row of mischievousRows(file, exports, mischief)) {
    if (mischief.fileDuplicateRows && count++ % 3 === 0) again.push(row)
    yield row
  }
  yield* again
}

function* mischievousRows(file: ExportFile, exports: VulnerabilityExports, mischief: FileMischief): Generator<ExportRow> {
  const { fileFewerMachines } = mischief
  const machines = exports.machinesOf(file).filter(({ machineId }) => !fileFewerMachines || !isLeftOut(machineId, fileFewerMachines.share))
  for (const row of exports.options.scattered ? scattered(machines, file, exports) : inOrder(machines, file, exports)) {
    yield respelt(row, mischief)
  }
  if (mischief.fileOddIds) for (const machine of machines) yield* oddRows(machine, file, exports)
  if (mischief.fileForeignMachines) yield* foreignRows(machines, file, exports)
}

function respelt(row: ExportRow, { fileCapitalIds, fileKbInFront }: FileMischief): ExportRow {
  const own = fileCapitalIds ? ofMachine(row, row.DeviceId.toUpperCase()) : row
  const kbId = row.RecommendedSecurityUpdateUrl === null ? null : row.RecommendedSecurityUpdateId
  return fileKbInFront && kbId !== null ? { ...own, RecommendedSecurityUpdateId: `KB${kbId}` } : own
}

/** Whether a machine is among those that `fileFewerMachines` leaves out. */
export function isLeftOut(machineId: string, share = 0.5): boolean {
  return draw('fewer machines', machineId) < share
}

function* inOrder(machines: readonly Character[], { generatedAt }: ExportFile, exports: VulnerabilityExports): Generator<ExportRow> {
  for (const machine of machines) yield* exports.rowsOf(machine, generatedAt)
}

/** Of some machines at a time: the first rows of all, then the second ones, as far as they are of this file. */
function* scattered(machines: readonly Character[], file: ExportFile, exports: VulnerabilityExports): Generator<ExportRow> {
  for (let from = 0; from < machines.length; from += SCATTERED_AMONG) {
    const rows = machines.slice(from, from + SCATTERED_AMONG).map((machine) => [...exports.rowsOf(machine, file.generatedAt)])
    const longest = Math.max(...rows.map(({ length }) => length))
    for (let index = 0; index < longest; index++) {
      for (const ofMachine of rows) {
        const row = ofMachine[index]
        if (row && drawIndex(exports.options.filesPerGroup, 'part', row.Id) === file.part) yield row
      }
    }
  }
}

/** The row as one of another machine. */
function ofMachine(row: ExportRow, machineId: string): ExportRow {
  return { ...row, Id: machineId + row.Id.slice(row.DeviceId.length), DeviceId: machineId }
}

function* oddRows(machine: Character, { generatedAt }: ExportFile, exports: VulnerabilityExports): Generator<ExportRow> {
  const [row] = exports.rowsOf(machine, generatedAt)
  if (row) for (const id of ODD_IDS) yield { ...row, Id: `${row.Id}_${id}`, RecommendedSecurityUpdateId: id }
}

/** The rows of machines of this file once more, as those of machines that there are not. */
function* foreignRows(
  machines: readonly Character[],
  { generatedAt, name }: ExportFile,
  exports: VulnerabilityExports,
): Generator<ExportRow> {
  let made = 0
  for (const machine of machines) {
    const rows = [...exports.rowsOf(machine, generatedAt)]
    if (!rows.some(({ RecommendedSecurityUpdateUrl: url }) => url !== null)) continue
    for (const row of rows) yield ofMachine(row, foreignMachineIdOf(name, made))
    if (++made === FOREIGN_MACHINES) return
  }
}

/** The id of a machine that no list shows, with rows in that file. */
export function foreignMachineIdOf(fileName: string, index: number): string {
  return createHash('sha1').update(`foreign ${fileName} ${index}`).digest('hex')
}
