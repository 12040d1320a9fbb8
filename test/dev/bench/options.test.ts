import { afterEach, describe, expect, it, vi } from 'vitest'
import { readOptions } from '../../../dev/bench/options.ts'

const KNOWN = ['unchanged', 'diff', 'feed']

/** The message and the exit code with which the options end the process. */
function refusal(argv: readonly string[]): { message: string; code: unknown } {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('exit')
  })
  expect(() => readOptions(argv, KNOWN)).toThrow('exit')
  return { message: String(said.mock.calls[0]?.[0]), code: exit.mock.calls[0]?.[0] }
}

afterEach(() => vi.restoreAllMocks())

describe('the options of the benchmarks', () => {
  it('are all of them, or those that are named', () => {
    expect(readOptions([], KNOWN)).toEqual({ names: KNOWN, write: false })
    expect(readOptions(['feed', 'diff'], KNOWN)).toEqual({ names: ['feed', 'diff'], write: false })
    expect(readOptions(['--write'], KNOWN)).toEqual({ names: KNOWN, write: true })
  })

  it('name no benchmark that there is not', () => {
    expect(refusal(['fed'])).toEqual({ message: 'There is no benchmark named fed. There are: unchanged, diff, feed.', code: 2 })
  })

  it.each([[['unchanged', '--write']], [['--write', 'unchanged']], [['--write', ...KNOWN]]])(
    'never keep a part as the whole page: %o',
    (argv) => {
      const { message, code } = refusal(argv)
      expect(message).toMatch(/^--write .* takes no names: unchanged/)
      expect(code).toBe(2)
    },
  )
})
