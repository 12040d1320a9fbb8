import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from './session.ts'

/**
 * Takes a folder for this process alone, as two Azurites that write to one would lose data; returns how to let go. The lock of a process
 * that is gone counts for nothing. Throws `UserError` if another one has it.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'process-id')
  if (existsSync(path)) {
    const owner = Number(readFileSync(path, 'utf8'))
    if (isRunning(owner)) throw new UserError(`Another npm start (process ${owner}) is working in ${folder}. End that one first.`)
    rmSync(path, { force: true })
  }
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new UserError(`Another npm start has just begun to work in ${folder}.`)
    throw error
  }
  return () => rmSync(path, { force: true })
}

function isRunning(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false
  try {
    // Signal 0 only asks. https://nodejs.org/docs/latest-v20.x/api/process.html#processkillpid-signal
    process.kill(processId, 0)
    return processId !== process.pid
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
