/** A KB id as rows have it: digits, perhaps behind `KB`. Undefined for what is none: `RHSA-2024:9315`. */
export function readKbId(text: string): string | undefined {
  const id = text.trim().replace(/^KB/i, '')
  return /^\d{6,8}$/.test(id) ? id : undefined
}

/** A KB id as a number: its digits, and how many they are, since leading zeros count; at most 15. */
export const kbKey = (digits: number, length: number): number => digits * 16 + length
