import { createRequire } from 'node:module'

/** What of Microsoft's analyser of Kusto queries is used here; it is made from C#, and its own types need the DOM. */
interface List<T> {
  Count: number
  getItem(index: number): T
}
interface Analysed {
  GetDiagnostics(): List<{ Severity: string; Message: string }>
  ResultType: { Columns: List<{ Name: string; Type: { Name: string } }> }
}
interface WithKusto {
  Kusto?: { Language: { KustoCode: { ParseAndAnalyze(text: string): Analysed } } }
}

/**
 * The columns of the tables of Application Insights that the queries use, with their types:
 * https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete
 */
const TABLES = {
  traces: 'timestamp:datetime, message:string, severityLevel:int, operation_Name:string, operation_Id:string, customDimensions:dynamic',
  requests:
    'timestamp:datetime, name:string, operation_Name:string, operation_Id:string, success:bool, resultCode:string, duration:real, customDimensions:dynamic',
}

export interface QueryResult {
  problems: string[]
  /** Name to type, in the order in which the query gives them. */
  columns: Record<string, string>
}

/** What a Kusto query gives, and what is wrong with it: syntax, unknown columns and functions, types that do not fit. */
export function analyseQuery(query: string): QueryResult {
  const tables = Object.entries(TABLES).map(([name, columns]) => `let ${name} = datatable(${columns})[];\n`)
  const analysed = kusto().ParseAndAnalyze(`${tables.join('')}${query}`)
  return {
    problems: itemsOf(analysed.GetDiagnostics()).map(({ Severity, Message }) => `${Severity}: ${Message}`),
    columns: Object.fromEntries(itemsOf(analysed.ResultType.Columns).map(({ Name, Type }) => [Name, Type.Name])),
  }
}

const itemsOf = <T>(list: List<T>): T[] => Array.from({ length: list.Count }, (_, index) => list.getItem(index))

/** The packages are scripts that leave their names in the global scope. */
function kusto() {
  const require = createRequire(import.meta.url)
  require('@kusto/language-service-next/bridge.min.js')
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js')
  const { Kusto } = globalThis as WithKusto
  if (Kusto === undefined) throw new Error('The analyser of queries did not load.')
  return Kusto.Language.KustoCode
}
