// @ts-check
import { zipSync } from 'fflate'

/** A file that anybody may read and its owner may write, whatever the umask of who makes the zip. */
const FILE_MODE = 0o100644
const UNIX = 3

/**
 * Files as a zip whose bytes depend on their names and contents alone: not on the clock, the time zone, the rights of files or Node's zlib.
 * @param {readonly { name: string, contents: Uint8Array }[]} files names with slashes, from the root of the zip
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function zipOf(files) {
  // A zip holds local time. This one, at noon and in no zone's change to summer time, is in every zone the same.
  const mtime = new Date(1980, 1, 1, 12)
  const sorted = [...files].sort((one, other) => (one.name < other.name ? -1 : 1))
  const entries = Object.fromEntries(sorted.map(({ name, contents }) => [name, contents]))
  // Without `mem` the library takes a logarithm of the length, whose last digit is the engine's own.
  return zipSync(entries, { level: 9, mem: 8, mtime, os: UNIX, attrs: FILE_MODE * 0x10000 })
}
