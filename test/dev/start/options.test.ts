import { expect, test } from 'vitest'
import { parseStartOptions, startHelp } from '../../../dev/start/options.ts'

test('without arguments it is the demo, with a default for everything', () => {
  expect(parseStartOptions([])).toEqual({ kind: 'options', options: { kind: 'demo', once: false, machines: 300, weeks: 8, seed: 1, port: 7071 } })
})

test('every option is read', () => {
  expect(parseStartOptions('--once --machines 5 --weeks=2 --seed 9 --port 0'.split(' '))).toEqual({
    kind: 'options', options: { kind: 'demo', once: true, machines: 5, weeks: 2, seed: 9, port: 0 },
  })
  expect(parseStartOptions(['--once'])).toMatchObject({ options: { once: true, port: 0 } })
  expect(parseStartOptions(['--help'])).toEqual({ kind: 'help' })
})

test('a tenant makes it the real thing', () => {
  expect(parseStartOptions('--tenant 11111111-2222-3333-4444-AAAAAAAAAAAA --port 81'.split(' '))).toEqual({
    kind: 'options', options: { kind: 'tenant', once: false, port: 81, tenantId: '11111111-2222-3333-4444-aaaaaaaaaaaa' },
  })
})

const tenant = ['--tenant', '11111111-2222-3333-4444-aaaaaaaaaaaa']

test.each([
  [['--machines', '0'], 'machines'], [['--weeks', 'many'], 'weeks'], [['--port', '70000'], 'port'], [['--tenant', 'contoso'], 'tenant'],
  [['--machine', '5'], '--machine'], [['extra'], 'extra'], [['--seed', '-1'], '--seed'],
  [[...tenant, '--machines', '5'], 'machines'], [[...tenant, '--seed', '5'], 'seed'],
])('%o is refused by name', (args, name) => {
  const parsed = parseStartOptions(args)
  expect(parsed.kind === 'problem' && parsed.detail).toContain(name)
})

test('the help names every option', () => {
  for (const name of ['once', 'port', 'machines', 'weeks', 'seed', 'tenant']) expect(startHelp).toContain(`--${name}`)
})
