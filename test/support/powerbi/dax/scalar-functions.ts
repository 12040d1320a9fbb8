import type { Context } from './context.ts'
import type { DaxEngine } from './engine.ts'
import type { DaxFunction } from './arguments.ts'
import type { Expression, Scalar } from './parse.ts'
import { compareScalars, dateOf, number, scalar, serialOf, text, truth, type Value } from './value.ts'

/** A function of values alone. */
const ofValues =
  (call: (...values: Scalar[]) => Scalar): DaxFunction =>
  (engine, args, context) =>
    call(...args.map((one) => scalar(engine.evaluate(one, context))))

const SECONDS = { SECOND: 1, MINUTE: 60 } as const

/** Boundaries between two instants, as DAX counts them. */
function dateDiff(engine: DaxEngine, args: readonly Expression[], context: Context): Scalar {
  const [from, to, unit] = args
  if (!from || !to || unit?.kind !== 'name') throw new Error('two instants and a unit are expected')
  const seconds = SECONDS[unit.name as keyof typeof SECONDS]
  const [a, b] = [scalar(engine.evaluate(from, context)), scalar(engine.evaluate(to, context))]
  if (a === null || b === null) return null
  const since = (serial: Scalar) => Math.floor(Math.round(number(serial) * 86_400) / seconds)
  return since(b) - since(a)
}

/** `SWITCH(TRUE(), …)`: the first that holds; or the first that equals. */
function choose(engine: DaxEngine, args: readonly Expression[], context: Context): Value {
  const [of, ...cases] = args
  const wanted = of ? scalar(engine.evaluate(of, context)) : null
  for (let index = 0; index + 1 < cases.length; index += 2) {
    const [when, then] = cases.slice(index, index + 2)
    if (when && then && compareScalars(scalar(engine.evaluate(when, context)), wanted) === 0) return engine.evaluate(then, context)
  }
  const last = cases.length % 2 === 1 ? cases.at(-1) : undefined
  return last ? engine.evaluate(last, context) : null
}

const items = (path: Scalar) => (path === null || path === '' ? [] : text(path).split('|'))
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export const SCALAR_FUNCTIONS: Readonly<Record<string, DaxFunction>> = {
  TRUE: () => true,
  FALSE: () => false,
  IF: (engine, args, context) => {
    const chosen = args[0] && truth(engine.evaluate(args[0], context)) ? args[1] : args[2]
    return chosen ? engine.evaluate(chosen, context) : null
  },
  SWITCH: choose,
  COALESCE: ofValues((...values) => values.find((value) => value !== null) ?? null),
  ISBLANK: ofValues((value = null) => value === null),
  DIVIDE: ofValues((a = null, b = null) => (a === null || number(b) === 0 ? null : number(a) / number(b))),
  INT: ofValues((value = null) => (value === null ? null : Math.floor(number(value)))),
  QUOTIENT: ofValues((a = null, b = null) => (a === null ? null : Math.trunc(number(a) / number(b)))),
  DATEDIFF: dateDiff,
  DATE: ofValues((year = 0, month = 1, day = 1) => serialOf(Date.UTC(number(year), number(month) - 1, number(day)))),
  YEAR: ofValues((date = null) => dateOf(number(date)).getUTCFullYear()),
  MONTH: ofValues((date = null) => dateOf(number(date)).getUTCMonth() + 1),
  DAY: ofValues((date = null) => dateOf(number(date)).getUTCDate()),
  /** Of type 3: Monday is 0. */
  WEEKDAY: ofValues((date = null) => (dateOf(number(date)).getUTCDay() + 6) % 7),
  /** The one format that the model uses: `mmm yyyy`. */
  FORMAT: ofValues((date = null) => `${MONTHS[dateOf(number(date)).getUTCMonth()]} ${dateOf(number(date)).getUTCFullYear()}`),
  TODAY: (engine) => Math.floor(engine.now),
  UTCNOW: (engine) => engine.now,
  PATHLENGTH: ofValues((path = null) => items(path).length || null),
  PATHITEM: ofValues((path = null, place = null) => items(path)[number(place) - 1] ?? null),
  PATHCONTAINS: ofValues((path = null, item = null) => items(path).includes(text(item))),
}
