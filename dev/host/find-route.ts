import type { RouteValues } from './route-template.ts'
import type { AppFunction, HttpTrigger } from './trigger.ts'

export interface FoundRoute {
  appFunction: AppFunction
  trigger: HttpTrigger
  values: RouteValues
}

/**
 * The function that serves a request: the first of `functions`, sorted by name, whose route and methods match. The real host knows no
 * precedence of literals over parameters (https://github.com/Azure/azure-functions-host/issues/9876), and answers 404, not 405, where only
 * the method is wrong; so HEAD reaches only functions that name it (https://github.com/Azure/azure-functions-host/issues/11625).
 */
export function findRoute(functions: Iterable<AppFunction>, method: string, path: string): FoundRoute | undefined {
  for (const appFunction of functions) {
    const { trigger } = appFunction
    if (trigger.type !== 'httpTrigger' || !trigger.methods.includes(method.toUpperCase())) continue
    const values = trigger.template.match(path)
    if (values) return { appFunction, trigger, values }
  }
  return undefined
}

/** The methods that functions take at a path. */
export function methodsOf(functions: Iterable<AppFunction>, path: string): string[] {
  const found = [...functions].flatMap(({ trigger }) =>
    trigger.type === 'httpTrigger' && trigger.template.match(path) ? trigger.methods : [],
  )
  return [...new Set(found)]
}

/** Throws for two functions with the same route and a method in common, as the real host does. */
export function refuseConflicts(functions: Iterable<AppFunction>): void {
  const taken = new Map<string, string>()
  for (const { name, trigger } of functions) {
    if (trigger.type !== 'httpTrigger') continue
    for (const method of trigger.methods) {
      const key = `${method} ${trigger.route.toLowerCase()}`
      const other = taken.get(key)
      if (other !== undefined) throw new Error(`The route "${trigger.route}" of "${name}" conflicts with that of "${other}".`)
      taken.set(key, name)
    }
  }
}

/** In the order in which the real host tries them: by name, without regard to letter case. */
export function sortByName(functions: AppFunction[]): AppFunction[] {
  const key = ({ name }: AppFunction): string => name.toUpperCase()
  return functions.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}
