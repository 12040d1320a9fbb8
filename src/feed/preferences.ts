import { FEED_POLICY } from './read/policy.ts'

/** What a caller would like, as far as the feed can do it. */
export interface Preferences {
  pageRows: number | undefined
  omitNulls: boolean
  /** For `Preference-Applied`; '' for none. */
  applied: string
}

/**
 * Reads `Prefer`: `odata.maxpagesize=100, omit-values=nulls`. What is not known or cannot be read is passed over, as it is with preferences.
 * https://www.rfc-editor.org/rfc/rfc7240, https://docs.oasis-open.org/odata/odata/v4.0/odata-v4.0-part1-protocol.html#_Preference_odata.maxpagesize
 */
export function readPreferences(prefer: string | null): Preferences {
  const preferences = new Map(
    (prefer ?? '').split(',').map((item): [string, string] => {
      const [name = '', value = ''] = (item.split(';')[0] ?? '').split('=').map((part) => part.trim())
      return [name.toLowerCase(), value.replace(/^"(.*)"$/, '$1')]
    }),
  )
  const sizeName = ['odata.maxpagesize', 'maxpagesize'].find((name) => /^[1-9]\d{0,8}$/.test(preferences.get(name) ?? ''))
  const size = sizeName === undefined ? undefined : Number(preferences.get(sizeName))
  const omitsName = ['omit-values', 'odata.omit-values'].find((name) => preferences.get(name) === 'nulls')
  const applied = [sizeName && `${sizeName}=${size}`, omitsName && `${omitsName}=nulls`].filter((text) => text !== undefined)
  return {
    pageRows: size === undefined ? undefined : Math.min(size, FEED_POLICY.longestPage),
    omitNulls: omitsName !== undefined,
    applied: applied.join(', '),
  }
}
