/**
 * Counts entities against a rate: a bucket as deep as one second. What has begun is done even if it overdraws the bucket,
 * as the service learns what a scan costs only when it is over; the next request is then refused until the debt is paid.
 */
class Bucket {
  #tokens: number
  #at: number

  constructor(ratePerSecond: number, now: number) {
    this.#tokens = ratePerSecond
    this.#at = now
  }

  hasAny(ratePerSecond: number, now: number): boolean {
    return this.#refill(ratePerSecond, now) >= 1
  }

  isFull(ratePerSecond: number, now: number): boolean {
    return this.#refill(ratePerSecond, now) === ratePerSecond
  }

  #refill(ratePerSecond: number, now: number): number {
    this.#tokens = Math.min(ratePerSecond, this.#tokens + ((now - this.#at) / 1000) * ratePerSecond)
    this.#at = now
    return this.#tokens
  }

  take(entities: number): void {
    this.#tokens -= entities
  }
}

/** A partition that was not heard of for a second has a full bucket, as a new one has: beyond this many, those are forgotten. */
const BUCKETS_KEPT = 10_000

/** The targets of an account and its partitions. */
export class Throughput {
  #account: Bucket | undefined
  readonly #partitions = new Map<string, Bucket>()

  /** Whether a request to the partition may begin now. A rate of 0 is no limit. `partition` is undefined for a scan over several. */
  admits(partition: string | undefined, rates: { partition: number; account: number }, now: number): boolean {
    if (rates.account > 0 && !(this.#account ??= new Bucket(rates.account, now)).hasAny(rates.account, now)) return false
    return partition === undefined || rates.partition === 0 || this.#bucket(partition, rates.partition, now).hasAny(rates.partition, now)
  }

  charge(partition: string | undefined, entities: number): void {
    this.#account?.take(entities)
    if (partition !== undefined) this.#partitions.get(partition)?.take(entities)
  }

  #bucket(partition: string, rate: number, now: number): Bucket {
    let bucket = this.#partitions.get(partition)
    if (bucket) return bucket
    if (this.#partitions.size >= BUCKETS_KEPT) this.#forgetFull(rate, now)
    this.#partitions.set(partition, (bucket = new Bucket(rate, now)))
    return bucket
  }

  #forgetFull(rate: number, now: number): void {
    for (const [name, bucket] of this.#partitions) if (bucket.isFull(rate, now)) this.#partitions.delete(name)
  }
}
