import { once } from 'node:events'
import { constants, createGzip, type Gzip } from 'node:zlib'

/** One gzip member that is written bit by bit: what it has ready so far can be taken at any time. */
export class GzipMember {
  readonly #gzip: Gzip
  #ready: Buffer[] = []

  constructor(level = 1) {
    this.#gzip = createGzip({ level })
    this.#gzip.on('data', (chunk: Buffer) => this.#ready.push(chunk))
  }

  /** Resolves to what it has ready, which may be nothing. */
  async add(bytes: Buffer): Promise<Buffer> {
    await new Promise<void>((resolve, reject) => this.#gzip.write(bytes, (error) => (error ? reject(error) : resolve())))
    return this.#take()
  }

  /** Resolves to all that was added and not taken: whoever reads it has every byte of that. */
  async flush(): Promise<Buffer> {
    await new Promise<void>((resolve) => this.#gzip.flush(constants.Z_SYNC_FLUSH, resolve))
    return this.#take()
  }

  /** Resolves to the rest, with the checksum in its last eight bytes. */
  async end(): Promise<Buffer> {
    const ended = once(this.#gzip, 'end')
    this.#gzip.end()
    await ended
    return this.#take()
  }

  #take(): Buffer {
    const taken = Buffer.concat(this.#ready)
    this.#ready = []
    return taken
  }
}
