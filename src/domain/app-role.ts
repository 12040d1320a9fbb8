/** e.g. `Machine.Read.All` in `Missing application roles. API required roles: Machine.Read.All, application roles: …` */
const APP_ROLE = /\b[A-Z][A-Za-z]{1,40}\.Read(Write)?\.All\b/g

/** The names of app roles in a text of Defender's, each once. */
export const namedAppRoles = (text: string): string[] => [...new Set(text.match(APP_ROLE) ?? [])]
