import { registerFunctions } from './fixture-functions.ts'

export { events, gates } from './fixture-functions.ts'

/** The plain fixture app: bodies travel with the invocation. */
registerFunctions()
