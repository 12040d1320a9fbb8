export { healthRules, type Config, type StorageConfig } from './config.ts'
export { readConfig, type ConfigProblem, type Environment } from './read-config.ts'
export { MOST_CONCURRENCY } from './settings.ts'

/** What the documents and the sample are made from. @forTests */
export { settingDocs } from './setting.ts'
/** What the documents and the sample are made from. @forTests */
export { settingNames, settings } from './settings.ts'
