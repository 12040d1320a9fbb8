import { type Figure, megabytes } from './figure.ts'
import type { Worker } from './worker-process.ts'

/** The most memory that a worker ever had resident, against what it had when it started. */
export async function peakOf(worker: Worker, of: string, target = ''): Promise<Figure> {
  const { bytes } = await worker.run('peakMemory', {})
  return {
    what: `peak memory ${of}`,
    measured: megabytes(bytes),
    against: `${megabytes(worker.idleBytes)} when started`,
    ratio: bytes / worker.idleBytes,
    target,
  }
}
