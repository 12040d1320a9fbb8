import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRouteTemplate } from '../../../dev/host/route-template.ts'

test.each([
  ['api/health', '/api/health', {}],
  ['api/health', '/API/Health/', {}],
  ['api/health', '/api/health/x', undefined],
  ['api/health', '/api//health', undefined],
  ['m/{id}', '/m/', undefined],
  ['m/{id}', '/m/a%2fb', { id: 'a%2fb' }],
  ['m/{id}', '/m/100%', { id: '100%' }],
  ['m/{id?}', '/m', {}],
  ['m/{id?}/x', '/m', undefined],
  ['f/{*path}', '/f', {}],
  ['f/{*path}', '/f/a/b', { path: 'a/b' }],
  ['m/{id}/x', '/m//x', undefined],
  ['odata/$metadata', '/odata/$metadata', {}],
  ['odata/$metadata', '/odata/xmetadata', undefined],
])('route %s and path %s give %o', (template, path, values) => {
  expect(parseRouteTemplate(template).match(path)).toEqual(values)
})

test.each([
  ['/health', 'must not start with a slash'],
  ['{*path}/x', 'not the last segment'],
  ['{id:int}', 'cannot be read'],
  ['{id=5}', 'cannot be read'],
  ['{**path}', 'cannot be read'],
  ['Changes({key})', 'cannot be read'],
  ['{id', 'cannot be read'],
  ['{}', 'cannot be read'],
  ['{a b}', 'cannot be read'],
  ['{a}-{b?}', 'cannot be read'],
])('route %s is refused', (template, message) => {
  expect(() => parseRouteTemplate(template)).toThrow(message)
})

test('whatever a parameter holds comes back decoded, except an encoded slash', () => {
  const value = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('/'))
  fc.assert(
    fc.property(value, value, (machineId, kbId) => {
      const path = `/machines/${encodeURIComponent(machineId)}/kbs/${encodeURIComponent(kbId)}`
      expect(parseRouteTemplate('machines/{machineId}/kbs/{kbId}').match(path)).toEqual({ machineId, kbId })
    }),
  )
})
