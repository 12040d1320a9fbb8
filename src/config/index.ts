export { healthRules, type Config, type SignIn, type StorageConfig, type TenantConfig } from './config.ts'
export { hasCatalogue, pageSignIn, readConfig, readsManyTenants, type ConfigProblem, type Environment } from './read-config.ts'
export { tenantReader, type TenantProblem, type TenantReading } from './tenant-settings.ts'
export { MOST_CONCURRENCY } from './settings.ts'

/** What the documents and the sample are made from. @forTests */
export { settingDocs } from './setting.ts'
/** What the documents and the sample are made from. @forTests */
export { settingNames, settings } from './settings.ts'
