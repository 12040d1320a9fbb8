import { Linter } from 'eslint'
import { describe, expect, it } from 'vitest'
import { maxLinesOfTests } from '../../dev/lint/max-lines-of-tests.mjs'

const linesOf = (count: number) => Array.from({ length: count }, (_, index) => `  run(${index})\n`).join('')

/** What the rule finds with at most five lines. */
function found(code: string): string[] {
  const plugins = { patchtrail: { rules: { 'max-lines-of-tests': maxLinesOfTests } } }
  const messages = new Linter().verify(code, [{ plugins, rules: { 'patchtrail/max-lines-of-tests': ['error', { max: 5 }] } }])
  return messages.map(({ messageId }) => messageId ?? 'unreadable')
}

describe('the rule for lines of tests', () => {
  it.each(['it("long", () => {\n', 'const long = () => {\n', 'it.each([1])("long", () => {\n'])('finds %j with too many lines', (head) => {
    expect(found(`${head}${linesOf(5)}}${head.startsWith('it') ? ')' : ''}`)).toEqual(['exceed'])
    expect(found(`${head}${linesOf(3)}}${head.startsWith('it') ? ')' : ''}`)).toEqual([])
  })

  it.each(['describe("group", () => {\n', 'describe.each([1, 2])("group %i", () => {\n'])(
    'leaves %j alone, and not what is in it',
    (head) => {
      expect(found(`${head}${linesOf(9)}})`)).toEqual([])
      expect(found(`${head}it("long", () => {\n${linesOf(5)}})})`)).toEqual(['exceed'])
    },
  )
})
