// One instance of the app, as a process of its own: loads the built app and takes what is in the queue, until it is told to stop. Its clock is
// the wall clock, ahead by as much as it is told. What it logs, and how long it was busy, it says over IPC; it ends with its parent.
import { setTimeout as sleep } from 'node:timers/promises'
import { createLog, type LogFields } from '../../src/log.ts'
import type { Outside } from '../../src/outside.ts'
import { loadFunctionApp } from '../host/index.ts'
import { trustCertificate } from '../trust-certificate.ts'

/** What an instance says. */
export type Said =
  | { kind: 'ready' }
  | { kind: 'log'; event: string; fields: LogFields }
  /** Milliseconds in which it had any message in hand. */
  | { kind: 'stopped'; busyMs: number }

const PAUSE_MS = 50

const [main = '', aheadMs = '0'] = process.argv.slice(2)
const say = (said: Said) => process.send?.(said)
process.on('disconnect', () => process.exit(1))
trustCertificate(process.env['APP_CERTIFICATE'] ?? '')

const app = await loadFunctionApp({ main })
const useOutside = app.exports['useOutside'] as (parts: Partial<Outside>) => void
const log = createLog((_, event, fields) => void say({ kind: 'log', event, fields }))
const now = () => Date.now() + Number(aheadMs)
useOutside({ clock: { now, sleep: async (milliseconds) => sleep(milliseconds) }, log })

let isStopped = false
process.on('message', () => (isStopped = true))
say({ kind: 'ready' })
let busyMs = 0
while (!isStopped) {
  const since = performance.now()
  const taken = await app.takeMessages()
  if (taken > 0) busyMs += performance.now() - since
  else await sleep(PAUSE_MS)
}
say({ kind: 'stopped', busyMs })
process.disconnect()
