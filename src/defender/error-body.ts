import { z } from 'zod'
import { parseJson } from '../parse-json.ts'
import { redact } from './redact.ts'

export interface ErrorBody {
  code?: string
  message?: string
  target?: string
}

const envelope = z.object({
  error: z.object({
    code: z
      .string()
      .regex(/^[\w.-]{1,64}$/)
      .optional()
      .catch(undefined),
    message: z.string().optional().catch(undefined),
    target: z.string().max(200).optional().catch(undefined),
  }),
})

/**
 * Reads `{"error":{"code":"ResourceNotFound","message":"…","target":"<tracking id>"}}`, or as much of it as there is: gateways
 * answer in HTML, and the message is free text. https://learn.microsoft.com/defender-endpoint/api/common-errors
 */
export function readErrorBody(text: string, secrets: readonly string[]): ErrorBody {
  const parsed = envelope.safeParse(parseJson(text))
  if (!parsed.success) return {}
  const { code, message, target } = parsed.data.error
  return {
    ...(code === undefined ? {} : { code: redact(code, secrets) }),
    ...(message === undefined ? {} : { message: redact(message, secrets) }),
    ...(target === undefined ? {} : { target: redact(target, secrets) }),
  }
}
