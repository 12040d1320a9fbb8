import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { POWERBI } from './semantic-model.ts'

export const REPORT = join(POWERBI, 'patchtrail.Report')
const PAGES = join(REPORT, 'definition/pages')

const literal = z.object({ expr: z.object({ Literal: z.object({ Value: z.string() }) }) })
const projection = z.object({ field: z.unknown(), queryRef: z.string(), nativeQueryRef: z.string(), displayName: z.string().optional() })

const visualFile = z.object({
  name: z.string(),
  position: z.object({ x: z.number(), y: z.number(), z: z.number(), width: z.number(), height: z.number(), tabOrder: z.number() }),
  visual: z.object({
    visualType: z.string(),
    query: z.object({ queryState: z.record(z.string(), z.object({ projections: z.array(projection) })), sortDefinition: z.unknown().optional() }).optional(),
    visualContainerObjects: z
      .object({
        title: z.array(z.object({ properties: z.object({ text: literal }) })).optional(),
        general: z.array(z.object({ properties: z.object({ altText: literal }) })),
      })
      .optional(),
    syncGroup: z.object({ groupName: z.string() }).optional(),
  }),
  filterConfig: z.object({ filters: z.array(z.object({ name: z.string(), field: z.unknown() })) }).optional(),
})

const mobileFile = z.object({
  position: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number(), tabOrder: z.number() }),
})

const pageFile = z.object({
  name: z.string(),
  displayName: z.string(),
  width: z.number(),
  height: z.number(),
  visibility: z.string().optional(),
  filterConfig: z.object({ filters: z.array(z.object({ name: z.string(), field: z.unknown(), howCreated: z.string() })) }).optional(),
  pageBinding: z
    .object({ type: z.string(), parameters: z.array(z.object({ name: z.string(), boundFilter: z.string(), fieldExpr: z.unknown() })) })
    .optional(),
})

export type Mobile = z.infer<typeof mobileFile>
export type Visual = z.infer<typeof visualFile> & { folder: string; raw: unknown; mobile: Mobile }
export type Page = z.infer<typeof pageFile> & { folder: string; visuals: Visual[] }

export const readJson = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'))

/** The report's pages in the order in which they are shown. */
export function readPages(): { order: string[]; pages: Page[] } {
  const { pageOrder } = z.object({ pageOrder: z.array(z.string()) }).parse(readJson(PAGES, 'pages.json'))
  const folders = readdirSync(PAGES).filter((name) => name !== 'pages.json')
  return { order: pageOrder, pages: folders.map(readPage).sort((a, b) => pageOrder.indexOf(a.name) - pageOrder.indexOf(b.name)) }
}

function readPage(folder: string): Page {
  const visuals = readdirSync(join(PAGES, folder, 'visuals')).map((visual) => {
    const raw = readJson(PAGES, folder, 'visuals', visual, 'visual.json')
    const mobile = mobileFile.parse(readJson(PAGES, folder, 'visuals', visual, 'mobile.json'))
    return { ...visualFile.parse(raw), folder: visual, raw, mobile }
  })
  return { ...pageFile.parse(readJson(PAGES, folder, 'page.json')), folder, visuals }
}

/** `'Missing now'` in a title's literal is Missing now; quotes inside are doubled. */
export const titleOf = ({ visual }: Visual): string => textOf(visual.visualContainerObjects?.title?.[0]?.properties.text)

/** What a screen reader says in the picture's place. */
export const altTextOf = ({ visual }: Visual): string => textOf(visual.visualContainerObjects?.general[0]?.properties.altText)

const textOf = (written: z.infer<typeof literal> | undefined) => (written?.expr.Literal.Value ?? '').slice(1, -1).replaceAll("''", "'")

export interface Field {
  kind: 'Column' | 'Measure'
  entity: string
  property: string
}

const fieldShape = z.object({
  Expression: z.object({ SourceRef: z.object({ Entity: z.string().optional(), Source: z.string().optional() }) }),
  Property: z.string(),
})
const fromShape = z.array(z.object({ Name: z.string(), Entity: z.string().optional() }))

/** Every field that a piece of report JSON refers to, by entity or by the alias that a filter's `From` gives it. */
export function fieldsIn(json: unknown, aliases: ReadonlyMap<string, string> = new Map()): Field[] {
  if (typeof json !== 'object' || json === null) return []
  if (Array.isArray(json)) return json.flatMap((item) => fieldsIn(item, aliases))
  const from = 'From' in json ? fromShape.parse(json.From) : []
  const known = new Map([...aliases, ...from.flatMap(({ Name, Entity }) => (Entity === undefined ? [] : [[Name, Entity] as const]))])
  return Object.entries(json).flatMap(([key, value]) => {
    if (key !== 'Column' && key !== 'Measure') return fieldsIn(value, known)
    const { Expression, Property } = fieldShape.parse(value)
    const { Entity, Source } = Expression.SourceRef
    return [{ kind: key, entity: Entity ?? known.get(Source ?? '') ?? `unknown alias ${Source}`, property: Property }]
  })
}
