import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { logLineProblems } from '../dev/log-line-problems.ts'
import { LOG_EVENTS } from '../src/log-events.ts'
import { createLog } from '../src/log.ts'

const root = new URL('../', import.meta.url)
const sources = ['src/', 'functions/']
  .flatMap((folder) => readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map((name) => folder + name))
  .filter((path) => path.endsWith('.ts') && !/^src\/[a-z-]*log-events/.test(path))
  .map((path) => readFileSync(new URL(path, root), 'utf8'))

describe('the table of log events', () => {
  // That nothing else is logged is the type check's to say: see below.
  it.each(Object.keys(LOG_EVENTS))('has %s because something logs it', (event) => {
    expect(sources.some((source) => source.includes(`'${event}'`))).toBe(true)
  })

  it('is the type of what can be logged', () => {
    const lines: unknown[] = []
    const log = createLog((...line) => lines.push(line))
    const failed = { route: 'any', error: 'Error', message: 'no' }
    log.info('identity.restored', {})
    log.error('request.failed', failed)
    log.error('request.failed', { ...failed, stack: undefined })
    log.error(lines.length > 0 ? 'request.failed' : 'request.broken', { ...failed, stack: 'here' })
    expect(lines).toHaveLength(4)
    const refused = () => {
      // @ts-expect-error no such event
      log.info('identity.restord', {})
      // @ts-expect-error another level
      log.warn('identity.restored', {})
      // @ts-expect-error a field too many
      log.info('identity.restored', { detail: 'x' })
      // @ts-expect-error no such field
      log.error('identity.refused', { detial: 'x' })
      // @ts-expect-error a field too few
      log.error('request.failed', { route: 'any', error: 'Error' })
      // @ts-expect-error no fields
      log.error('identity.refused')
      // @ts-expect-error a number where there is text
      log.error('identity.refused', { detail: 1 })
      // @ts-expect-error undefined where there is text
      log.error('identity.refused', { detail: undefined })
    }
    expect(refused).toBeTypeOf('function')
  })
})

describe('a line of the log', () => {
  const dropped = { operation: 'listMachines', dropped: 2 }

  it.each([[{ ...dropped, skip: 0 }], [{ ...dropped, skip: undefined }], [{ ...dropped, machineId: '' }]])(
    'is as the table says: %o',
    (fields) => {
      expect(logLineProblems('warn', 'defender.rowsDropped', fields)).toEqual([])
    },
  )

  it.each([
    ['warn', 'defender.rowsDroped', dropped, 'there is no log event defender.rowsDroped'],
    ['info', 'defender.rowsDropped', dropped, 'defender.rowsDropped is of the level warn, and not info'],
    ['warn', 'defender.rowsDropped', { ...dropped, row: 1 }, 'defender.rowsDropped has no field row'],
    ['warn', 'defender.rowsDropped', { operation: 'x' }, 'dropped of defender.rowsDropped is number, and not undefined'],
    ['warn', 'defender.rowsDropped', { ...dropped, dropped: NaN }, 'dropped of defender.rowsDropped is number, and not null'],
    ['warn', 'defender.rowsDropped', { ...dropped, dropped: '2' }, 'dropped of defender.rowsDropped is number, and not "2"'],
    ['warn', 'defender.rowsDropped', { ...dropped, skip: '2' }, 'skip of defender.rowsDropped is number?, and not "2"'],
    ['info', 'tenant.removed', { tenantId: 'x', history: 'true' }, 'history of tenant.removed is flag, and not "true"'],
  ] as const)('is not as the table says: %s %s %o', (level, event, fields, problem) => {
    expect(logLineProblems(level, event, fields)).toEqual([problem])
  })
})
