/** The token that the program calls Defender with: what it may show to nobody else, log or store. It stands in hostile answers, too. */
export const SECRET = 'kEeP-tHiS-qUiEt-0123456789'
