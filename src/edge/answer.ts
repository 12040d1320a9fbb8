/** An answer in its content type. */
export type WrittenAnswer = TextAnswer | StreamedAnswer

interface AnswerHead {
  status: number
  contentType: string
  /** Names in lower case only: the same one in another case would be sent twice, which Power Query refuses. */
  headers?: Record<string, string>
}

export interface TextAnswer extends AnswerHead {
  text: string
}

/** An answer whose body is made while it is sent. */
export interface StreamedAnswer extends AnswerHead {
  chunks: AsyncIterable<string>
}
