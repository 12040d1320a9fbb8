import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from './user-error.ts'

/**
 * Takes a folder for this process alone, as two Azurites that write to one would lose data; returns how to let go. The lock of a process
 * that is gone counts for nothing. Throws `UserError` if another one has it.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'process-id')
  if (!tryCreate(path)) {
    const owner = Number(readFileSync(path, 'utf8'))
    if (isRunning(owner)) throw new UserError(`Another npm start (process ${owner}) is working in ${folder}. End that one first.`)
    rmSync(path, { force: true })
    if (!tryCreate(path)) throw new UserError(`Another npm start has just begun to work in ${folder}.`)
  }
  return () => rmSync(path, { force: true })
}

function tryCreate(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function isRunning(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false
  try {
    // Signal 0 only asks. https://nodejs.org/docs/latest-v20.x/api/process.html#processkillpid-signal
    process.kill(processId, 0)
    return processId !== process.pid
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
