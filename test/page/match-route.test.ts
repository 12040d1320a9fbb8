import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRouteTemplate } from '../../dev/host/route-template.ts'
import { routes } from '../../src/http/routes/route-list.ts'
import { below } from '../../src/page/below.ts'
import { matchRoute } from '../../src/page/match-route.ts'

const gets = routes.filter(({ method }) => method === 'GET')
const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary-ascii' }))
/** Pieces of paths that are near to a route. */
const segment = fc.oneof(
  fc.constantFrom(...new Set(gets.flatMap(({ path }) => path.split('/').filter((part) => !part.startsWith('{'))))),
  fc.constantFrom('OVERVIEW', '%6Fverview', '%2F', '%2f..', '%252F', '%ff', '%', '', '.', '{machineId}', 'constructor', '__proto__'),
  text.map(encodeURIComponent),
)
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))

describe('matchRoute', () => {
  it('finds just what the Functions host would find, with the same parameters', () => {
    fc.assert(
      fc.property(path, (given) => {
        fc.pre(!given.startsWith('/'))
        const found = matchRoute(gets, given)
        const wanted = gets.find((route) => parseRouteTemplate(route.path).match(given))
        expect(found?.route.name).toBe(wanted?.name)
        if (wanted) expect(found?.params).toEqual(parseRouteTemplate(wanted.path).match(given))
      }),
      { numRuns: 2000 },
    )
  })

  it('finds each route by its own address, whatever its ids are', () => {
    fc.assert(
      fc.property(fc.constantFrom(...gets), text, (route, id) => {
        fc.pre(id !== '' && !id.includes('/'))
        const found = matchRoute(
          gets,
          route.path.replace(/\{\w+\}/g, () => encodeURIComponent(id)),
        )
        expect(found?.route.name).toBe(route.name)
        for (const value of Object.values(found?.params ?? {})) expect(value).toBe(id)
      }),
    )
  })
})

describe('below', () => {
  it('is what stands below a root, whatever the prefix', () => {
    fc.assert(
      fc.property(fc.constantFrom('', '/api', '/a/b'), fc.constantFrom('page', 'PAGE', 'Page'), path, (prefix, root, rest) => {
        expect(below('page', `${prefix}/${root}/${rest}`)).toBe(rest)
      }),
    )
    expect([below('page', '/api/page'), below('page', '/api/pages/x'), below('page/data', '/api/page/x')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
