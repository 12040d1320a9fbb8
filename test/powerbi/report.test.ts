import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Field, fieldsIn, readJson, readPages, REPORT, titleOf, type Visual } from '../support/powerbi/report.ts'
import { columnsByName, POWERBI, readSemanticModel } from '../support/powerbi/semantic-model.ts'

const model = readSemanticModel()
const columns = columnsByName(model)
const measures = new Set(model.tables.flatMap(({ name, measures }) => measures.map((measure) => `${name}.${measure.name}`)))
const { order, pages } = readPages()
const visuals = pages.flatMap((page) => page.visuals.map((visual) => [`${page.folder}/${visual.folder}`, visual] as const))
const withData = visuals.filter(([, { visual }]) => visual.query)

const exists = ({ kind, entity, property }: Field) => (kind === 'Column' ? columns.has(`${entity}.${property}`) : measures.has(`${entity}.${property}`))

/** What each kind of visual takes: fields of which kind in which role. The published schemas leave this open. */
const ROLES: Record<string, Record<string, { kinds: readonly Field['kind'][]; most: number }>> = {
  card: { Values: { kinds: ['Measure'], most: 1 } },
  slicer: { Values: { kinds: ['Column'], most: 1 } },
  tableEx: { Values: { kinds: ['Column', 'Measure'], most: 12 } },
  lineChart: { Category: { kinds: ['Column'], most: 1 }, Y: { kinds: ['Measure'], most: 3 } },
  clusteredBarChart: { Category: { kinds: ['Column'], most: 1 }, Y: { kinds: ['Measure'], most: 3 } },
  clusteredColumnChart: { Category: { kinds: ['Column'], most: 1 }, Y: { kinds: ['Measure'], most: 4 } },
}

describe('the report', () => {
  it('has its pages, and opens with the first', () => {
    expect(pages.map(({ displayName }) => displayName)).toEqual([
      'Overview', 'What changed', 'List of changes', 'Time to patch', 'Machines', 'KBs', 'One machine',
    ])
    expect(readJson(REPORT, 'definition/pages/pages.json')).toMatchObject({ pageOrder: pages.map(({ name }) => name), activePageName: order[0] })
  })

  it('names pages and visuals as their folders, in characters that Desktop accepts', () => {
    for (const page of pages) {
      expect(page.name).toBe(page.folder)
      for (const visual of page.visuals) expect(visual.name).toBe(visual.folder)
      for (const { name } of [page, ...page.visuals]) expect(name).toMatch(/^[A-Za-z0-9_-]{1,50}$/)
    }
  })

  it.each(withData)('%s uses fields that the model has', (_path, { raw }) => {
    const fields = fieldsIn(raw)
    expect(fields.length).toBeGreaterThan(0)
    for (const field of fields) expect(exists(field), `${field.kind} ${field.entity}.${field.property}`).toBe(true)
  })

  it.each(withData)('%s fills the roles of its kind', (_path, { visual }) => {
    const roles = ROLES[visual.visualType]
    expect(Object.keys(visual.query?.queryState ?? {})).toEqual(Object.keys(roles ?? {}))
    for (const [role, { projections }] of Object.entries(visual.query?.queryState ?? {})) {
      expect(projections.length).toBeGreaterThan(0)
      expect(projections.length).toBeLessThanOrEqual(roles?.[role]?.most ?? 0)
      for (const { field } of projections) expect(roles?.[role]?.kinds).toContain(fieldsIn(field)[0]?.kind)
    }
  })

  it.each(withData)('%s refers to each field once, by its own name', (_path, { visual }) => {
    const projections = Object.values(visual.query?.queryState ?? {}).flatMap((state) => state.projections)
    for (const { field, queryRef, nativeQueryRef } of projections) {
      const [found] = fieldsIn(field)
      expect(queryRef).toBe(`${found?.entity}.${found?.property}`)
      expect(nativeQueryRef).toBe(found?.property)
    }
    expect(new Set(projections.map(({ queryRef }) => queryRef)).size).toBe(projections.length)
  })

  it('sorts visuals by what they show', () => {
    for (const [path, { visual }] of withData) {
      const shown = Object.values(visual.query?.queryState ?? {}).flatMap(({ projections }) => projections.map(({ queryRef }) => queryRef))
      for (const { entity, property } of fieldsIn(visual.query?.sortDefinition)) expect(shown, path).toContain(`${entity}.${property}`)
    }
  })

  it('leads from every machine that it shows to the page of one machine', () => {
    const drilled = pages.filter(({ pageBinding }) => pageBinding?.type === 'Drillthrough')
    expect(drilled.map(({ displayName, visibility }) => [displayName, visibility])).toEqual([['One machine', 'HiddenInViewMode']])
    const [parameter] = drilled[0]?.pageBinding?.parameters ?? []
    const filter = drilled[0]?.filterConfig?.filters.find(({ name }) => name === parameter?.boundFilter)
    expect(filter?.howCreated).toBe('Drillthrough')
    for (const field of [parameter?.fieldExpr, filter?.field]) expect(fieldsIn(field)).toEqual([{ kind: 'Column', entity: 'Machines', property: 'Machine id' }])
    // Power BI offers it where the field itself is shown: a name alone leads nowhere, and several machines may share one.
    const shown = (raw: unknown) => new Set(fieldsIn(raw).map(({ entity, property }) => `${entity}.${property}`))
    const withMachines = withData.filter(([, { visual }]) => shown(visual.query).has('Machines.Machine'))
    expect(withMachines.map(([path]) => path)).toEqual(['changes/changes', 'machines/machines', 'kbs/machines-of-kbs', 'machine/attributes'])
    for (const [path, { visual }] of withMachines) expect(shown(visual.query), path).toContain('Machines.Machine id')
  })

  it('says beside every percentage how much was assessed', () => {
    const formats = new Map(model.tables.flatMap(({ name, columns, measures }) => [...columns, ...measures].map((one) => [`${name}.${one.name}`, one.formatString])))
    const isShare = ({ entity, property }: Field) => formats.get(`${entity}.${property}`)?.includes('%') === true
    const isAssessed = ({ property }: Field) => property === 'Assessed'
    const pagesWithShares = pages.filter((page) => page.visuals.some(({ visual }) => fieldsIn(visual.query).some(isShare)))
    expect(pagesWithShares.map(({ name }) => name)).toEqual(['overview', 'time-to-patch', 'kbs'])
    for (const { name, visuals } of pagesWithShares)
      expect(visuals.some(({ visual }) => visual.visualType === 'card' && fieldsIn(visual.query).some(isAssessed)), name).toBe(true)
    // One that shows several snapshots or days has as many answers.
    const isOfTime = ({ entity, property }: Field) => entity === 'Dates' || (entity === 'Snapshots' && property === 'Started at')
    const overTime = withData.filter(([, { visual }]) => fieldsIn(visual.query).some(isOfTime) && fieldsIn(visual.query).some(isShare))
    expect(overTime.map(([path]) => path)).toEqual(['overview/snapshots', 'time-to-patch/share-by-month'])
    for (const [path, { visual }] of overTime) expect(fieldsIn(visual.query).some(isAssessed), path).toBe(true)
  })

  it('shows no hidden column', () => {
    for (const [path, { visual }] of withData) {
      for (const { entity, property } of fieldsIn(visual.query)) expect(columns.get(`${entity}.${property}`)?.isHidden ?? false, `${path}: ${property}`).toBe(false)
    }
  })

  it('gives every filter a name of its own, and syncs slicers of one field only', () => {
    const names = visuals.flatMap(([, { filterConfig }]) => filterConfig?.filters.map(({ name }) => name) ?? [])
    expect(new Set(names).size).toBe(names.length)
    const fieldOf = new Map<string, string>()
    for (const [path, { visual }] of visuals.filter(([, { visual }]) => visual.syncGroup)) {
      const field = visual.query?.queryState['Values']?.projections[0]?.queryRef ?? ''
      expect(fieldOf.get(visual.syncGroup?.groupName ?? '') ?? field, path).toBe(field)
      fieldOf.set(visual.syncGroup?.groupName ?? '', field)
    }
    expect([...fieldOf.keys()].sort()).toEqual(['as-of-day', 'days-allowed', 'group', 'period', 'platform'])
  })

  it('finds a field that does not exist, also behind an alias', () => {
    const filter = { From: [{ Name: 't', Entity: 'Changes', Type: 0 }], Where: [{ Column: { Expression: { SourceRef: { Source: 't' } }, Property: 'Chnage' } }] }
    expect(fieldsIn(filter)).toEqual([{ kind: 'Column', entity: 'Changes', property: 'Chnage' }])
    expect(fieldsIn(filter).every(exists)).toBe(false)
  })
})

describe('the layout', () => {
  const WIDTH = 1280
  const HEIGHT = 720
  /** Twelve columns of 92 with gaps of 12, in margins of 22. */
  const columnEdge = (column: number) => 22 + 104 * column
  const GAP = 12
  const right = ({ position }: Visual) => position.x + position.width
  const bottom = ({ position }: Visual) => position.y + position.height

  it.each(pages)('of $displayName stays on the page and on its grid', (page) => {
    expect([page.width, page.height]).toEqual([WIDTH, HEIGHT])
    const lefts = Array.from({ length: 12 }, (_, column) => columnEdge(column))
    const rights = lefts.map((left) => left + 92)
    for (const visual of page.visuals) {
      expect(lefts, visual.name).toContain(visual.position.x)
      expect(rights, visual.name).toContain(right(visual))
      expect(visual.position.y, visual.name).toBeGreaterThanOrEqual(16)
      expect(bottom(visual), visual.name).toBeLessThanOrEqual(HEIGHT - 16)
      expect(visual.position.height, visual.name).toBeGreaterThanOrEqual(72)
    }
    expect(Math.max(...page.visuals.map(right))).toBe(WIDTH - 22)
  })

  it.each(pages)('of $displayName lets no two visuals overlap or touch', ({ visuals }) => {
    for (const [index, a] of visuals.entries()) {
      for (const b of visuals.slice(index + 1)) {
        const apart = right(a) + GAP <= b.position.x || right(b) + GAP <= a.position.x || bottom(a) + GAP <= b.position.y || bottom(b) + GAP <= a.position.y
        expect(apart, `${a.name} and ${b.name}`).toBe(true)
      }
    }
  })

  it.each(pages)('of $displayName is read by keyboard as by eye', ({ visuals }) => {
    const byTab = visuals.toSorted((a, b) => a.position.tabOrder - b.position.tabOrder).map(({ name }) => name)
    const byEye = visuals.toSorted((a, b) => a.position.y - b.position.y || a.position.x - b.position.x).map(({ name }) => name)
    expect(byTab).toEqual(byEye)
    expect(new Set(visuals.map(({ position }) => position.tabOrder)).size).toBe(visuals.length)
  })

  it.each(pages)('of $displayName has a title on every visual, none twice', ({ visuals }) => {
    const titles = visuals.filter(({ visual }) => visual.query).map(titleOf)
    for (const title of titles) expect(title.length).toBeGreaterThan(2)
    expect(new Set(titles).size).toBe(titles.length)
  })

  it('has titles of cards that fit one line', () => {
    // Segoe UI Semibold at 11 points takes 8 pixels a letter, and 20 go to the padding.
    for (const [path, visual] of visuals.filter(([, { visual }]) => visual.visualType === 'card')) {
      expect(titleOf(visual).length * 8, path).toBeLessThanOrEqual(visual.position.width - 20)
    }
  })
})

describe('the project', () => {
  it('has the files that it names', () => {
    const { themeCollection, resourcePackages } = z
      .object({
        themeCollection: z.record(z.string(), z.object({ name: z.string(), type: z.string() })),
        resourcePackages: z.array(z.object({ name: z.string(), items: z.array(z.object({ name: z.string(), path: z.string() })) })),
      })
      .parse(readJson(REPORT, 'definition/report.json'))
    for (const { name, items } of resourcePackages) {
      for (const { path } of items) expect(existsSync(join(REPORT, 'StaticResources', name, path)), path).toBe(true)
    }
    for (const { name, type } of Object.values(themeCollection)) {
      const item = resourcePackages.find((resources) => resources.name === type)?.items.find((item) => item.name === name)
      expect(readJson(REPORT, 'StaticResources', type, item?.path ?? ''), name).toMatchObject({ name })
    }
    expect(readJson(POWERBI, 'patchtrail.pbip')).toMatchObject({ artifacts: [{ report: { path: 'patchtrail.Report' } }] })
    expect(readJson(REPORT, 'definition.pbir')).toMatchObject({ datasetReference: { byPath: { path: '../patchtrail.SemanticModel' } } })
  })

  it('has two items with ids of their own', () => {
    const platform = z.object({ metadata: z.object({ type: z.string() }), config: z.object({ logicalId: z.uuid() }) })
    const items = ['patchtrail.Report', 'patchtrail.SemanticModel'].map((folder) => platform.parse(readJson(POWERBI, folder, '.platform')))
    expect(items.map(({ metadata }) => metadata.type)).toEqual(['Report', 'SemanticModel'])
    expect(new Set(items.map(({ config }) => config.logicalId)).size).toBe(2)
  })

  it('connects by its .pbids to the address of the parameter', () => {
    const address = JSON.parse(/^"[^"]*"/.exec(model.expressions.get('FeedUrl') ?? '')?.[0] ?? '""') as unknown
    expect(readJson(POWERBI, 'patchtrail.pbids')).toEqual({
      version: '0.1', connections: [{ details: { protocol: 'odata', address: { url: address } }, mode: 'Import' }],
    })
  })

  it('carries neither a key nor data', () => {
    const files = readdirSync(POWERBI, { recursive: true, encoding: 'utf8' })
    expect(files.filter((file) => /\.pbi(\/|$)|\.abf$|\.pbix$/.test(file))).toEqual([])
    const texts = files.map((file) => join(POWERBI, file)).filter((file) => statSync(file).isFile())
    expect(texts.filter((file) => /[?&]code=|x-functions-key|azurewebsites\.net\/api\/odata\?/.test(readFileSync(file, 'utf8')))).toEqual([])
  })
})
