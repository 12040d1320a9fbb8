import { expect, test } from 'vitest'
import { parseStartOptions, startHelp } from '../../../dev/start/options.ts'

test('without arguments it is the demo, with a default for everything', () => {
  expect(parseStartOptions([])).toEqual({
    kind: 'options',
    options: { kind: 'demo', once: false, machines: 300, weeks: 8, seed: 1, port: 7071 },
  })
})

test('every option is read', () => {
  expect(parseStartOptions('--once --machines 5 --weeks=2 --seed 9 --port 0'.split(' '))).toEqual({
    kind: 'options',
    options: { kind: 'demo', once: true, machines: 5, weeks: 2, seed: 9, port: 0 },
  })
  expect(parseStartOptions(['--once'])).toMatchObject({ options: { once: true, port: 0 } })
  for (const arg of ['--help', '-h']) expect(parseStartOptions([arg])).toEqual({ kind: 'help' })
  expect(parseStartOptions(['--version'])).toEqual({ kind: 'version' })
})

test('a tenant makes it the real thing', () => {
  expect(parseStartOptions('--tenant 11111111-2222-3333-4444-AAAAAAAAAAAA --port 81'.split(' '))).toEqual({
    kind: 'options',
    options: { kind: 'tenant', once: false, port: 81, tenantId: '11111111-2222-3333-4444-aaaaaaaaaaaa' },
  })
})

const tenant = ['--tenant', '11111111-2222-3333-4444-aaaaaaaaaaaa']

test.each([
  [['--machines', '0'], 'machines'],
  [['--weeks', 'many'], 'weeks'],
  [['--port', '70000'], 'port'],
  [['--tenant', 'contoso'], 'tenant'],
  [['--machine', '5'], '--machine'],
  [['extra'], 'extra'],
  [['--seed', '-1'], '--seed'],
  [[...tenant, '--machines', '5'], 'machines'],
  [[...tenant, '--seed', '5'], 'seed'],
])('%o is refused by name', (args, name) => {
  const parsed = parseStartOptions(args)
  expect(parsed.kind === 'problem' && parsed.detail).toContain(name)
})

test.each([
  ['--machines=x', '--machines must be a whole number from 1 to 100000; got "x".'],
  ['--machines=1e3', '--machines must be a whole number from 1 to 100000; got "1e3".'],
  ['--weeks=2.5', '--weeks must be a whole number from 1 to 520; got "2.5".'],
  ['--port=', '--port must be a whole number from 0 to 65535; got "".'],
  ['--port= 7', '--port must be a whole number from 0 to 65535; got " 7".'],
  ['--tenant=abc', '--tenant must be the id of a tenant, a GUID; got "abc".'],
])('%s is refused with what was expected and what was given', (arg, detail) => {
  expect(parseStartOptions([arg])).toEqual({ kind: 'problem', detail })
})

test('every problem is told at once', () => {
  expect(parseStartOptions(['--machines=x', '--seed=y'])).toMatchObject({
    detail: expect.stringMatching(/^--machines must .*\n--seed must .*/) as string,
  })
  expect(parseStartOptions([...tenant, '--weeks=2'])).toMatchObject({ detail: '--weeks belongs to the simulated fleet, not to --tenant.' })
})

test('the help names every option', () => {
  for (const name of ['once', 'port', 'machines', 'weeks', 'seed', 'tenant']) expect(startHelp).toContain(`--${name}`)
})
