import { readFileSync } from 'node:fs'
import type { Answer } from './job.ts'

/** On Linux from the process's own page: `maxRSS` begins there with what the parent had resident when it forked. */
export async function peakMemory(): Promise<Answer<'peakMemory'>> {
  if (process.platform !== 'linux') return { bytes: process.resourceUsage().maxRSS * 1024 }
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  if (kilobytes === undefined) throw new Error('/proc/self/status has no VmHWM')
  return { bytes: Number(kilobytes) * 1024 }
}
