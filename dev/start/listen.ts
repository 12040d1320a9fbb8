import type { FunctionApp, Listening } from '../host/index.ts'
import { UserError } from './user-error.ts'

/** Serves the app, or says what to do about a port that is not to be had. */
export async function listen(app: FunctionApp, port: number): Promise<Listening> {
  try {
    return await app.listen({ port })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE')
      throw new UserError(`Port ${port} is taken by another program. Give another one with --port, or --port 0 for any free one.`)
    if (code === 'EACCES')
      throw new UserError(`Port ${port} needs more rights than you have. Give another one with --port, or --port 0 for any free one.`)
    throw error
  }
}
