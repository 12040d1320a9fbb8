import { z } from 'zod'

/** What the documentation says about a setting. */
export interface SettingDoc {
  meaning: string
  /** Default as the documentation shows it, where it is not a plain text such as `50`. */
  shownDefault?: string
  /** What `local.settings.sample.json` holds, where it is not the default. */
  sample?: string
  /** Its value appears in no message. */
  secret?: boolean
}

/** Documentation of every setting, kept beside its schema. */
export const settingDocs = z.registry<SettingDoc & { default?: string }>()

/** A setting that may be missing. */
export function optional<S extends z.ZodType>(schema: S, doc: SettingDoc): z.ZodOptional<S> {
  return documented(z.optional(schema), doc)
}

/** A setting with a default, given as the text that one would write in the environment: it passes through the same checks. */
export function defaulted<T>(schema: z.ZodType<T, string>, text: string, doc: SettingDoc): z.ZodPrefault<z.ZodType<T, string>> {
  return documented(z.prefault(schema, text), { ...doc, default: text })
}

function documented<S extends z.ZodType>(schema: S, doc: SettingDoc & { default?: string }): S {
  settingDocs.add(schema, doc)
  return schema
}
