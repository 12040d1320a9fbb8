/** What a property may hold: text, a whole number, a flag (written by its name alone, or `: false`), one of some words, or an expression. */
export type PropertyShape = 'text' | 'number' | 'flag' | 'expression' | readonly string[]

export interface ObjectShape {
  /** What follows the kind: a name, or nothing. */
  readonly named: boolean
  /** What may follow `=`; `maybe`: nothing, or an expression. */
  readonly value: 'none' | 'expression' | 'maybe' | readonly string[]
  readonly described?: boolean
  readonly properties: Readonly<Record<string, PropertyShape>>
  readonly required?: readonly string[]
  readonly children: readonly string[]
}

const GRANULARITY = ['day', 'month', 'quarter', 'year'] as const

/**
 * The part of TMDL that the project uses; anything else is refused, so that a misspelt property does not pass.
 * https://learn.microsoft.com/analysis-services/tmdl/tmdl-overview
 */
export const SHAPES: Readonly<Record<string, ObjectShape>> = {
  database: { named: false, value: 'none', properties: { compatibilityLevel: 'number' }, required: ['compatibilityLevel'], children: [] },
  model: {
    named: true,
    value: 'none',
    properties: {
      culture: 'text',
      defaultPowerBIDataSourceVersion: ['powerBI_V3'],
      discourageImplicitMeasures: 'flag',
      sourceQueryCulture: 'text',
    },
    required: ['culture', 'defaultPowerBIDataSourceVersion'],
    children: ['dataAccessOptions'],
  },
  dataAccessOptions: { named: false, value: 'none', properties: { legacyRedirects: 'flag', returnErrorValuesAsNull: 'flag' }, children: [] },
  table: {
    named: true,
    value: 'none',
    described: true,
    properties: { dataCategory: ['Time'], isHidden: 'flag' },
    children: ['column', 'measure', 'partition', 'refreshPolicy', 'annotation'],
  },
  /** With an expression it is a calculated one, without it has a source column. */
  column: {
    named: true,
    value: 'maybe',
    described: true,
    properties: {
      dataType: ['string', 'int64', 'double', 'boolean', 'dateTime'],
      isKey: 'flag',
      isHidden: 'flag',
      formatString: 'text',
      displayFolder: 'text',
      dataCategory: ['WebUrl'],
      summarizeBy: ['none'],
      sourceColumn: 'text',
      sortByColumn: 'text',
    },
    required: ['dataType', 'summarizeBy'],
    children: ['annotation', 'extendedProperty'],
  },
  measure: {
    named: true,
    value: 'expression',
    described: true,
    properties: { formatString: 'text', displayFolder: 'text' },
    required: ['formatString', 'displayFolder'],
    children: [],
  },
  partition: {
    named: true,
    value: ['m', 'calculated'],
    properties: { mode: ['import'], source: 'expression' },
    required: ['mode', 'source'],
    children: [],
  },
  refreshPolicy: {
    named: false,
    value: 'none',
    properties: {
      policyType: ['basic'],
      rollingWindowGranularity: GRANULARITY,
      rollingWindowPeriods: 'number',
      incrementalGranularity: GRANULARITY,
      incrementalPeriods: 'number',
      mode: ['import'],
      sourceExpression: 'expression',
    },
    required: ['policyType', 'rollingWindowGranularity', 'rollingWindowPeriods', 'incrementalGranularity', 'incrementalPeriods', 'sourceExpression'],
    children: [],
  },
  relationship: {
    named: true,
    value: 'none',
    properties: { isActive: 'flag', fromColumn: 'text', toColumn: 'text' },
    required: ['fromColumn', 'toColumn'],
    children: [],
  },
  expression: { named: true, value: 'expression', described: true, properties: {}, children: ['annotation'] },
  annotation: { named: true, value: 'expression', properties: {}, children: [] },
  extendedProperty: { named: true, value: 'expression', properties: {}, children: [] },
  /** `ref table X`: the order of the tables. */
  'ref table': { named: true, value: 'none', properties: {}, children: [] },
}

/** Kinds that stand at the left edge of a file. */
export const ROOT_KINDS = ['database', 'model', 'table', 'relationship', 'expression', 'annotation', 'ref table'] as const
