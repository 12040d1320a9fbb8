/** The letters of ASCII alone: what else has two cases is told apart, as every tool does it another way. */
export const foldedKbId = (kbId: string): string => kbId.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** Whether two ids name one KB, whatever letter case each is spelt in. */
export const isSameKb = (one: string, other: string): boolean => one === other || foldedKbId(one) === foldedKbId(other)
