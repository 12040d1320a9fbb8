import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isolatedEnvironment } from '../start/app-environment.ts'
import { build } from '../build.mjs'
import type { Answer, Asked, JobName } from './worker/job.ts'

export interface Worker {
  /** Resident memory when it had started and done nothing. */
  idleBytes: number
  /** One job after the other. */
  run<Name extends JobName>(name: Name, asked: Asked<Name>): Promise<Answer<Name>>
  close(): Promise<void>
}

/** Starts a process with the program, bundled as for Azure, and these settings; nothing of this process is in its memory or on its clock. */
export async function startWorker(settings: Record<string, string>): Promise<Worker> {
  const folder = mkdtempSync(join(tmpdir(), 'patchtrail-bench-'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  await build({ entry: fileURLToPath(new URL('worker/main.ts', import.meta.url)), outdir: join(folder, 'app') })
  const env = isolatedEnvironment(process.env, settings)
  const child = fork(join(folder, 'app/main.js'), { env, execArgv: [] })
  const { bytes: idleBytes } = await ask(child, 'peakMemory', {})
  return {
    idleBytes,
    run: (name, asked) => ask(child, name, asked),
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.disconnect()
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

function ask<Name extends JobName>(child: ChildProcess, name: Name, asked: Asked<Name>): Promise<Answer<Name>> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the worker ended (exit code ${code}) while at ${name}`))
    child.once('exit', ended)
    child.once('message', (message: { answer: Answer<Name> } | { error: string }) => {
      child.off('exit', ended)
      if ('error' in message) reject(new Error(`${name} failed in the worker: ${message.error}`))
      else resolve(message.answer)
    })
    child.send({ name, asked })
  })
}
