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
  ['m/{id=5}', '/m', { id: '5' }],
  ['m/{id=5}', '/m/6', { id: '6' }],
  ['m/{id?}/x', '/m', undefined],
  ['f/{*path}', '/f', {}],
  ['f/{**path}', '/f/a/b', { path: 'a/b' }],
  ['odata/Changes({key})', "/odata/changes('a,b')", { key: "'a,b'" }],
  ['odata/$metadata', '/odata/$metadata', {}],
  ['odata/$metadata', '/odata/xmetadata', undefined],
  ['v{major:int}.{minor:int}', '/v1.22', { major: '1', minor: '22' }],
  ['v{major:int}.{minor:int}', '/v1.x', undefined],
  ['{id:length(2,3)}', '/abcd', undefined],
  ['{id:length(2)}', '/ab', { id: 'ab' }],
  ['{id:minlength(2):maxlength(3)}', '/a', undefined],
  ['{id:int:min(3):max(5)}', '/4', { id: '4' }],
  ['{id:range(3,5)}', '/6', undefined],
  ['{id:guid}', '/0b0e1c5e-3f0a-4b0f-8f3e-0123456789ab', { id: '0b0e1c5e-3f0a-4b0f-8f3e-0123456789ab' }],
  ['{id:guid}', '/0b0e1c5e', undefined],
  ['{id:bool}', '/TRUE', { id: 'TRUE' }],
  ['{id:alpha}', '/a1', undefined],
  ['{id:datetime}', '/2024-05-01', { id: '2024-05-01' }],
  ['{id:long}', '/9007199254740993', { id: '9007199254740993' }],
  ['{id:int}', '/2147483648', undefined],
  ['{id:regex(^(a|b)/?$)}', '/b', { id: 'b' }],
  ['{id:regex(^\\d{{2}}$)}', '/12', { id: '12' }],
  ['{id:regex(^\\d{{2}}$)}', '/123', undefined],
])('route %s and path %s give %o', (template, path, values) => {
  expect(parseRouteTemplate(template).match(path)).toEqual(values)
})

test.each([
  ['/health', 'must not start with a slash'],
  ['{*path}/x', 'not the last segment'],
  ['{id:nope}', 'The constraint "nope" is unknown'],
  ['{id', 'brace without its partner'],
  ['{}', 'brace without its partner'],
  ['{a b}', 'cannot be read'],
  ['{a}-{b?}', 'mixes an optional'],
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
