import { readdirSync, readFileSync } from 'node:fs'
import { basename, extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv, type AnySchemaObject, type ErrorObject } from 'ajv'
import ajvFormats from 'ajv-formats'
import { isMain } from './is-main.mjs'

/** Where Microsoft's schemas say they live; https://github.com/microsoft/json-schemas holds the same files. */
const HOST = 'https://developer.microsoft.com/json-schemas/'

/** The schema that a file must name, by the file's name or extension: a valid page is still wrong in a visual's place. */
const SCHEMA_OF: Readonly<Record<string, string>> = {
  '.pbip': 'fabric/pbip/pbipProperties/',
  '.pbir': 'fabric/item/report/definitionProperties/',
  '.pbism': 'fabric/item/semanticModel/definitionProperties/',
  '.platform': 'fabric/gitIntegration/platformProperties/',
  'version.json': 'fabric/item/report/definition/versionMetadata/',
  'report.json': 'fabric/item/report/definition/report/',
  'pages.json': 'fabric/item/report/definition/pagesMetadata/',
  'page.json': 'fabric/item/report/definition/page/',
  'mobile.json': 'fabric/item/report/definition/visualContainerMobileState/',
  'visual.json': 'fabric/item/report/definition/visualContainer/',
}

/** Kinds of files that have no published schema. */
const WITHOUT_SCHEMA = [/^StaticResources\/|\/StaticResources\//, /\.pbids$/, /\.tmdl$/]

export interface PowerBiCheck {
  /** Files that are valid, with the schema each named. */
  valid: { file: string; schema: string }[]
  /** Files that no schema is published for. */
  unchecked: string[]
  /** What is wrong, one line each. */
  faults: string[]
}

/**
 * Checks every file of a Power BI project against the schema it names.
 * @param project folder of the `.pbip`
 * @param schemas folder that holds `fabric/…/schema.json`
 */
export async function checkPowerBi(project: string, schemas: string): Promise<PowerBiCheck> {
  const ajv = new Ajv({ strict: false, allErrors: true, loadSchema: async (id) => readSchema(schemas, id) })
  ajvFormats.default(ajv)
  const check: PowerBiCheck = { valid: [], unchecked: [], faults: [] }
  const entries = readdirSync(project, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  for (const path of entries.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    const file = relative(project, path).split(sep).join('/')
    if (WITHOUT_SCHEMA.some((kind) => kind.test(file))) check.unchecked.push(file)
    else await checkFile(ajv, path, file, check)
  }
  return check
}

async function checkFile(ajv: Ajv, path: string, file: string, check: PowerBiCheck): Promise<void> {
  try {
    const content = JSON.parse(readFileSync(path, 'utf8')) as { $schema?: unknown }
    const id = String(content.$schema)
    const expected = SCHEMA_OF[basename(file)] ?? SCHEMA_OF[extname(file)]
    if (expected === undefined) throw new Error('is of no kind that a schema is known for')
    if (!id.startsWith(HOST + expected)) throw new Error(`names the schema ${id}, expected one of ${HOST}${expected}`)
    const validate = ajv.getSchema(id) ?? (await ajv.compileAsync({ $ref: id }))
    if (validate(content)) check.valid.push({ file, schema: id.slice(HOST.length) })
    else check.faults.push(...(validate.errors ?? []).map((error) => `${file}: ${describe(error)}`))
  } catch (error) {
    check.faults.push(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function readSchema(schemas: string, id: string): AnySchemaObject {
  if (!id.startsWith(HOST)) throw new Error(`names the schema ${id}, which is not Microsoft's`)
  return JSON.parse(readFileSync(join(schemas, id.slice(HOST.length)), 'utf8')) as AnySchemaObject
}

function describe({ instancePath, message, params }: ErrorObject): string {
  const named = Object.values(params as Record<string, unknown>)
    .filter((value) => typeof value === 'string')
    .join(' ')
  return `${instancePath || '/'} ${message}${named === '' ? '' : ` (${named})`}`
}

/** `node --import tsx dev/check-powerbi.ts <folder of the schemas>` */
async function main(schemas: string | undefined): Promise<void> {
  if (schemas === undefined) throw new Error('Say where the schemas are: the folder that holds "fabric".')
  const { valid, unchecked, faults } = await checkPowerBi(fileURLToPath(new URL('../powerbi', import.meta.url)), schemas)
  const counts = new Map<string, number>()
  for (const { schema } of valid) counts.set(schema, (counts.get(schema) ?? 0) + 1)
  for (const [schema, count] of counts) console.log(`valid: ${String(count).padStart(2)} × ${schema}`)
  console.log(`no published schema: ${unchecked.length} (${[...new Set(unchecked.map((file) => extname(file)))].join(', ')})`)
  for (const fault of faults) console.error(fault)
  console.log(`powerbi: ${valid.length} files valid, ${faults.length} faults`)
  if (faults.length > 0 || valid.length === 0) process.exitCode = 1
}

if (isMain(import.meta.url)) await main(process.argv[2])
