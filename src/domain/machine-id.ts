/** No machine id is near it. */
const LONGEST_MACHINE_ID = 100

/**
 * Whether a text can be a machine's id: it stands in keys and in paths as it is. 40 hex digits in every known answer; dots alone would be
 * another path.
 */
export const isMachineId = (text: string): boolean =>
  text.length <= LONGEST_MACHINE_ID && /^[a-z0-9._-]+$/.test(text) && /[a-z0-9]/.test(text)
