import { describe, expect, test } from 'vitest'
import { FilterError, parseFilter } from '../../../dev/simulator/odata-filter.ts'

function row(id: string, computerDnsName: string | null, osPlatform: string, riskScore: string, rbacGroupId: number, lastSeen: string) {
  return { id, computerDnsName, osPlatform, riskScore, rbacGroupId, lastSeen }
}

const rows = [
  row('a', "o'neil.example", 'Windows11', 'High', 12, '2026-03-02T00:00:00.1234567Z'),
  row('b', null, 'WindowsServer2022', 'Low', 0, '2018-07-31T23:00:00.0000000Z'),
  row('c', 'mymachine1', 'macOS', 'High', 11, '2026-03-01T00:00:00.0000000Z'),
]

describe('a filter', () => {
  test.each([
    ["riskScore eq 'High'", 'ac'],
    ["healthStatus ne 'Active'", 'abc'],
    ['lastSeen gt 2018-08-01Z', 'ac'],
    ['lastSeen ge 2026-03-02T00:00:00Z', 'a'],
    ["startswith(computerDnsName,'MyMachine')", 'c'],
    ["COMPUTERDNSNAME eq 'O''NEIL.example'", 'a'],
    ['computerDnsName eq null', 'b'],
    ['computerDnsName ne null', 'ac'],
    ["computerDnsName lt 'n'", 'c'],
    ['rbacGroupId le 11', 'bc'],
    ["rbacGroupId eq '12'", 'a'],
    ["osPlatform eq 'Windows11' or osPlatform eq 'macOS' and riskScore eq 'Low'", 'a'],
    ["(osPlatform eq 'Windows11' or osPlatform eq 'macOS') and not (riskScore eq 'Low')", 'ac'],
    ["not startswith(osPlatform, 'Windows')", 'c'],
  ])('%s selects %s', (filter, expected) => {
    const matches = parseFilter(filter)
    expect(
      rows
        .filter((row) => matches(row))
        .map(({ id }) => id)
        .join(''),
    ).toBe(expected)
  })

  test.each([
    ...['', 'riskScore', 'riskScore eq', "riskScore is 'High'", "colour eq 'red'", "(riskScore eq 'High'", "riskScore eq 'High' riskScore"],
    ...['lastSeen gt yesterday', "riskScore eq 'High", 'startswith(computerDnsName)', "startswith(rbacGroupId,'1')"],
    ...["contains(computerDnsName,'a')", 'and', "machineTags eq 'x'"],
  ])('%s is refused', (filter) => {
    expect(() => parseFilter(filter)).toThrow(FilterError)
  })
})
