import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLinks } from '../../src/http/links.ts'

const links = (url: string, headers: Record<string, string> = {}, path = 'diffs') => createLinks(url, new Headers(headers), path)

describe('links', () => {
  it('keep every parameter but the key, and have one cursor', () => {
    const next = links('https://a.example/api/diffs?from=2026-06-01&code=KEY&kbId=a%26b%20c&cursor=old&clientId=default').next('new')
    expect(next).toBe('https://a.example/api/diffs?from=2026-06-01&kbId=a%26b+c&cursor=new')
  })

  it('use the address that a proxy in front tells', () => {
    const headers = { 'x-forwarded-host': 'front.example:8443, inner', 'x-forwarded-proto': 'HTTPS, http' }
    expect(links('http://10.0.0.4/api/diffs', headers).next('c')).toBe('https://front.example:8443/api/diffs?cursor=c')
    expect(links('http://10.0.0.4/api/diffs', { 'x-forwarded-proto': 'https' }).next('c')).toBe('https://10.0.0.4/api/diffs?cursor=c')
  })

  it('use the address that Application Gateway tells, where no other proxy does', () => {
    const headers = { 'x-original-host': 'patches.example', 'x-forwarded-proto': 'https' }
    expect(links('http://10.0.0.4/api/diffs', headers).next('c')).toBe('https://patches.example/api/diffs?cursor=c')
    expect(links('http://10.0.0.4/api/diffs', { ...headers, 'x-forwarded-host': 'front.example' }).next('c')).toContain('//front.example/')
    expect(links('http://10.0.0.4/api/diffs', { ...headers, 'x-original-host': 'a b' }).next('c')).toContain('//10.0.0.4/')
  })

  it('know where the route prefix ends', () => {
    expect(links('https://a.example/api/sync', {}, 'sync').to('snapshots/1')).toBe('https://a.example/api/snapshots/1')
    expect(links('https://a.example/v1/api/kbs/1/machines/', {}, 'kbs/{kbId}/machines').to('x')).toBe('https://a.example/v1/api/x')
    expect(links('https://a.example/sync', {}, 'sync').to('x')).toBe('https://a.example/x')
  })

  it.each([
    'evil.example/path',
    'user@evil.example',
    'a b',
    '"><script>',
    '-a',
    'a.example:99999',
    'a.example?x',
    'a.example#x',
    '[::1',
    '',
    'a\\b',
  ])('do not use %j as a host', (host) => {
    expect(links('https://own.example/api/diffs', { 'x-forwarded-host': host }).next('c')).toBe('https://own.example/api/diffs?cursor=c')
  })

  it('are http or https addresses of this very route, whatever the headers say', () => {
    const text = fc.stringMatching(/^[\x20-\x7e]{0,40}$/)
    fc.assert(
      fc.property(text, text, (host, protocol) => {
        const next = new URL(links('https://own.example/api/diffs', { 'x-forwarded-host': host, 'x-forwarded-proto': protocol }).next('c'))
        expect(next.protocol).toMatch(/^https?:$/)
        expect([next.pathname, next.search, next.username, next.hash]).toEqual(['/api/diffs', '?cursor=c', '', ''])
      }),
    )
  })
})
