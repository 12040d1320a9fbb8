import fc from 'fast-check'
import { expect, test } from 'vitest'
import { progressBar, renderProgress } from '../../dev/progress-bar.ts'

test('the bar is as full as the work is done', () => {
  expect(renderProgress({ label: 'history', done: 1, total: 4, note: '2026-03-01' }, 44)).toBe('history ━━━━━─────────────── 25 % 2026-03-01')
  expect(renderProgress({ label: 'x', done: 4, total: 4 }, 80)).toBe(`x ${'━'.repeat(40)} 100 %`)
  expect(renderProgress({ label: 'x', done: 0, total: 0 }, 18)).toBe('x 100 %')
})

test('the line fits, whatever the terminal and the work', () => {
  fc.assert(fc.property(fc.string(), fc.nat(), fc.nat(), fc.string(), fc.integer({ min: 1, max: 300 }), (label, done, total, note, columns) => {
    expect(renderProgress({ label, done, total, note }, columns).length).toBeLessThanOrEqual(columns)
  }))
})

test('a terminal gets one line that is redrawn when it changes', () => {
  const written: string[] = []
  const bar = progressBar({ isTTY: true, columns: 20, write: text => written.push(text) })
  bar.update({ label: 'a', done: 1, total: 2 })
  bar.update({ label: 'a', done: 1, total: 2 })
  bar.end()
  bar.end()
  expect(written).toEqual(['\r\u001b[2Ka ━━━━━━────── 50 %', '\n'])
})

test('a log gets a plain line per tenth', () => {
  const written: string[] = []
  const bar = progressBar({ write: text => written.push(text) })
  for (let done = 0; done <= 100; done++) bar.update({ label: 'a', done, total: 100, note: `n${done}` })
  bar.end()
  expect(written).toHaveLength(11)
  expect(written.slice(0, 2)).toEqual(['a 0 % n0\n', 'a 10 % n10\n'])
})
