type Check = (value: string) => boolean
type MakeCheck = (text: string) => Check

const number = (value: string): number => (/^[+-]?\d+(\.\d+)?$/.test(value) ? Number(value) : NaN)
const integer = (value: string): number => (/^[+-]?\d+$/.test(value) ? Number(value) : NaN)
const within = (value: number, low: number, high: number): boolean => value >= low && value <= high
const matches =
  (pattern: RegExp): MakeCheck =>
  () =>
  (value) =>
    pattern.test(value)

/** The inline constraints of ASP.NET Core routing. https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-constraints */
const constraints: Record<string, MakeCheck> = {
  alpha: matches(/^[a-z]+$/i),
  bool: matches(/^(true|false)$/i),
  datetime: () => (value) => !Number.isNaN(Date.parse(value)),
  decimal: matches(/^[+-]?\d+(\.\d+)?$/),
  double: matches(/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i),
  float: matches(/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i),
  guid: matches(/^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i),
  int: () => (value) => within(integer(value), -(2 ** 31), 2 ** 31 - 1),
  long: () => (value) => within(integer(value), -(2 ** 63), 2 ** 63),
  length: (text) => {
    const [low = 0, high = low] = text.split(',').map(Number)
    return (value) => within(value.length, low, high)
  },
  max: (text) => (value) => number(value) <= Number(text),
  maxlength: (text) => (value) => value.length <= Number(text),
  min: (text) => (value) => number(value) >= Number(text),
  minlength: (text) => (value) => value.length >= Number(text),
  range: (text) => {
    const [low = NaN, high = NaN] = text.split(',').map(Number)
    return (value) => within(integer(value), low, high)
  },
  // As in ASP.NET, an unanchored pattern may match anywhere, and case is ignored.
  regex: (text) => {
    const pattern = new RegExp(text, 'i')
    return (value) => pattern.test(value)
  },
  required: () => (value) => value !== '',
}

/** From `length(2,5)` to a check of a route value. Throws for a constraint ASP.NET Core does not have. */
export function parseConstraint(text: string): Check {
  const [, name = text, argument = ''] = /^(\w+)\((.*)\)$/s.exec(text) ?? []
  const makeCheck = constraints[name.toLowerCase()]
  if (!makeCheck) throw new Error(`The constraint "${text}" is unknown; known are ${Object.keys(constraints).join(', ')}.`)
  return makeCheck(argument)
}
