export { staleAfterMs, type Config, type ConfigWarning, type StorageConfig } from './config.ts'
export { readConfig, type ConfigProblem, type ConfigResult, type Environment } from './read-config.ts'
export { settingDocs } from './setting.ts'
export { MOST_CONCURRENCY, settingNames, settings, type SettingName } from './settings.ts'
