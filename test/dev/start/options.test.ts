import { expect, test } from 'vitest'
import { parseStartOptions } from '../../dev/start-options.ts'

test('without arguments everything has a default', () => {
  expect(parseStartOptions([])).toEqual({
    kind: 'options',
    options: { once: false, machines: 60, weeks: 6, seed: 1, port: 7071, tenantId: '00000000-0000-4000-8000-00000000da7a' },
  })
})

test('every option is read', () => {
  const args = '--once --machines 5 --weeks=2 --seed 9 --port 0 --tenant 11111111-2222-3333-4444-555555555555'.split(' ')
  expect(parseStartOptions(args)).toEqual({
    kind: 'options', options: { once: true, machines: 5, weeks: 2, seed: 9, port: 0, tenantId: '11111111-2222-3333-4444-555555555555' },
  })
  expect(parseStartOptions(['--once'])).toMatchObject({ options: { once: true, port: 0 } })
  expect(parseStartOptions(['--help'])).toEqual({ kind: 'help' })
})

test.each([
  [['--machines', '0'], 'machines'], [['--weeks', 'many'], 'weeks'], [['--port', '70000'], 'port'], [['--tenant', 'contoso'], 'tenant'],
  [['--machine', '5'], '--machine'], [['extra'], 'extra'],
])('%o is refused by name', (args, name) => {
  const parsed = parseStartOptions(args)
  expect(parsed.kind === 'problem' && parsed.detail).toContain(name)
})
