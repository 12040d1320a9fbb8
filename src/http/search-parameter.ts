import { KB_ID, parameter } from './parameter.ts'

const SEARCH_CHARACTERS = { fewest: 2, most: 100 }

export const searchParameter = parameter(
  {
    expected: 'a text of 2 to 100 characters, not counting blanks at its ends, without control characters',
    read: (text) => {
      const { length } = text.trim()
      return length >= SEARCH_CHARACTERS.fewest && length <= SEARCH_CHARACTERS.most && KB_ID.test(text) ? text : undefined
    },
  },
  { description: 'The beginning of the name of a machine, of its id, or of the id of a KB.', maxLength: SEARCH_CHARACTERS.most },
)
