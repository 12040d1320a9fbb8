/** The text with each `%SETTING%` replaced from the environment. Throws for one that is not set; `what` says whose text it is. */
export function resolveSettings(text: string, what: string): string {
  return text.replace(/%([^%]+)%/g, (_, setting: string) => {
    const value = process.env[setting]
    if (value === undefined) throw new Error(`${what} needs the setting ${setting}, which is not set.`)
    return value
  })
}
