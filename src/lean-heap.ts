import { setFlagsFromString } from 'node:v8'

/**
 * How far the heap may grow beyond what is in use before the next full collection, in percent. On a machine with much memory V8 would
 * let four times of it lie as garbage: a slice that holds 20 MB then takes over 200. Half of that is as fast (docs/benchmarks.md).
 */
const HEAP_GROWING_PERCENT = 100

/**
 * Keeps the process small, so that the smallest instances carry it. Once a process, and from within it: the host's setting for Node's
 * arguments, `languageWorkers__node__arguments`, starts the process anew in Azure. V8 reads this flag at every collection, so it
 * may be set late, and a V8 without it says so and goes on. https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
export function keepHeapLean(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`)
}

/** Calls of a function of WebAssembly before V8 compiles it anew for speed: never. */
const WASM_TIERING_BUDGET = 2_000_000_000

/**
 * Keeps V8 from compiling undici's parser of HTTP, which is WebAssembly, a second time in the middle of a large answer: that takes 30 MB for a
 * moment, and saves nothing in a process that reads a few answers. For such a process only, and before its first request: V8 reads this when
 * the parser is made.
 */
export function keepParserLean(): void {
  setFlagsFromString(`--wasm-tiering-budget=${WASM_TIERING_BUDGET}`)
}
