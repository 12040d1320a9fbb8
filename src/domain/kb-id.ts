/** The letters of ASCII alone: what else has two cases is told apart, as every tool does it another way. */
export const foldedKbId = (kbId: string): string => kbId.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** Whether two ids name one KB, whatever letter case each is spelt in. */
export const isSameKb = (one: string, other: string): boolean => one === other || foldedKbId(one) === foldedKbId(other)

/** `KB5094127`, as its page and people call it, `KB 5094127` as well -> `5094127`, as Defender does. An id with anything but digits behind it stays. */
export const withoutKb = (kbId: string): string => kbId.replace(/^kb *(?=\d+$)/i, '')

/** Whether who asks for a KB may mean this one: history never takes two ids for one by their KB, only a question does. */
export const isAskedKb = (asked: string, kbId: string): boolean => isSameKb(withoutKb(asked), withoutKb(kbId))

/** The ways to spell what is asked for, in the order in which they are meant: `kb77` -> `kb77`, `KB77`, `77`; `77` -> `77`, `KB77`. */
export function kbSpellings(asked: string): string[] {
  const digits = withoutKb(asked)
  if (!/^\d+$/.test(digits)) return [asked]
  return [...new Set(asked === digits ? [digits, `KB${digits}`] : [asked, `KB${digits}`, digits])]
}
