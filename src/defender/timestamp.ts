/**
 * A Defender time as ISO 8601 UTC with milliseconds, or null if it is none. It comes with up to seven digits and a `Z`
 * ("2026-03-01T08:15:30.1234567Z"); a missing zone is UTC, as in Defender's exports, and not this process's zone.
 * .NET's DateTimeOffset.MinValue, the year 1, stands for "never".
 */
export function normaliseTimestamp(text: string | null): string | null {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/.exec(text?.trim() ?? '')
  if (match === null) return null
  const [, day, time, fraction = '', zone = 'Z'] = match
  const milliseconds = Date.parse(`${day}T${time}${fraction.slice(0, 4).padEnd(fraction === '' ? 0 : 4, '0')}${zone}`)
  return Number.isNaN(milliseconds) || milliseconds < 0 ? null : new Date(milliseconds).toISOString()
}
