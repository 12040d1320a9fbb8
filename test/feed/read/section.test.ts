import { describe, expect, it } from 'vitest'
import { resumeAt, type Section } from '../../../src/feed/read/section.ts'

describe('reading on from a place', () => {
  it('leaves out what is behind it, and cuts what it is within', () => {
    const pages = () => (async function* () {})()
    const section = (from: string, to: string): Section => ({
      span: { from: { partition: from, row: '' }, to: { partition: to, row: '' } },
      pages,
    })
    const place = { partition: 'c', row: '5', done: true }
    const rest = [...resumeAt([section('a', 'b'), section('b', 'c'), section('c', 'e'), section('e', 'f')], place)]
    expect(rest.map(({ span }) => span)).toEqual([{ from: place, to: { partition: 'e', row: '' } }, section('e', 'f').span])
    expect([...resumeAt([section('a', 'b')], undefined)]).toEqual([section('a', 'b')])
  })
})
