export type { Filter } from './context.ts'
export { DaxEngine, type Question } from './engine.ts'
export type { Scalar } from './parse.ts'
export { type Row, serialOf } from './value.ts'
