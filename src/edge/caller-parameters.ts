/** Parameters of the platform: accepted everywhere, echoed nowhere. `code` is the function key. */
const PLATFORM_PARAMETERS: readonly string[] = ['code', 'clientid']

/** The parameters of a query in their order, without the platform's, which the Functions host reads in any letter case. */
export function callerParameters(searchParams: URLSearchParams): [name: string, text: string][] {
  return [...searchParams].filter(([name]) => !PLATFORM_PARAMETERS.includes(name.toLowerCase()))
}
