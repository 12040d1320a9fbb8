/** What Defender allows one application in one tenant, for one class of calls. */
export interface Quota {
  readonly perMinute: number
  readonly perHour: number
}

/** The windows a quota counts over. Defender does not say whether they slide; a budget that holds in every sliding window holds in fixed ones too. */
export const WINDOWS = [
  { lengthMs: 60_000, limit: 'perMinute' },
  { lengthMs: 3_600_000, limit: 'perHour' },
] as const satisfies readonly { lengthMs: number; limit: keyof Quota }[]

export const LONGEST_WINDOW_MS = 3_600_000

/**
 * Listing machines and asking for one by id: "100 calls per minute and 1500 calls per hour".
 * https://learn.microsoft.com/en-us/defender-endpoint/api/get-machines
 *
 * `getmissingkbs` has no documented limit, so its quota is configuration.
 */
export const MACHINES_QUOTA: Quota = { perMinute: 100, perHour: 1_500 }

/**
 * Asking for the files of an export: "5 calls per minute and 20 calls per hour". Their download is no call.
 * https://learn.microsoft.com/en-us/defender-endpoint/api/get-assessment-software-vulnerabilities
 */
export const EXPORTS_QUOTA: Quota = { perMinute: 5, perHour: 20 }
