import { settingDocs, settingNames, settings } from '../../src/config/index.ts'

type SettingName = (typeof settingNames)[number]

/** What the template itself knows, from its own parameters and resources. */
export const SET_BY_TEMPLATE = [
  'DEFENDER_TENANT_ID',
  'DEFENDER_CLIENT_ID',
  'DEFENDER_CLOUD',
  'STORAGE_TABLES_URL',
] as const satisfies SettingName[]

/** Holds a key, and no key opens anything that the template makes. */
export const NOT_IN_AZURE = ['STORAGE_CONNECTION_STRING'] as const satisfies SettingName[]

/** The settings of the program that whoever deploys may set. */
export const freeSettings: SettingName[] = settingNames.filter(
  (name) => !(SET_BY_TEMPLATE as readonly SettingName[]).includes(name) && !(NOT_IN_AZURE as readonly SettingName[]).includes(name),
)

export const SETTINGS_BICEP = 'infra/modules/settings.bicep'
export const PARAMETERS = 'infra/main.bicepparam'

/** azd's parameters hold the settings between these. */
const BEGIN = '// settings:begin'
const END = '// settings:end'

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('${', '\\${')}'`

/** `infra/modules/settings.bicep`: the type of the parameter `settings`, which takes no other name. */
export function settingsBicep(): string {
  const properties = freeSettings.map((name) => {
    const doc = settingDocs.get(settings.shape[name])
    const unset = doc?.shownDefault ?? doc?.default
    return `  @description(${quoted(`${doc?.meaning ?? ''}${unset === undefined ? '' : `. Default: ${unset}`}`)})\n  ${name}: string?\n`
  })
  return `// Made by dev/generate-docs.ts from src/config/settings.ts.

@export()
@sealed()
type Settings = {
${properties.join('\n')}}
`
}

/** azd's parameters with their settings replaced: each is the variable of its name, as \`azd env set\` keeps it. */
export function withSettings(parameters: string): string {
  const begin = parameters.indexOf(BEGIN)
  const end = parameters.indexOf(END)
  if (begin < 0 || end < begin) return parameters
  const lines = freeSettings.map((name) => `  ${name}: readEnvironmentVariable('${name}', '')\n`)
  return `${parameters.slice(0, begin)}${BEGIN}\nparam settings = {\n${lines.join('')}}\n${parameters.slice(end)}`
}
