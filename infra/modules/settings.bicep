// Made by dev/generate-docs.ts from src/config/settings.ts.

@export()
@sealed()
type Settings = {
  @description('`us`, `eu`, `uk`, `au`, `swa`, `ina`, `aea`: the closer host')
  DEFENDER_REGION: string?

  @description('overrides the host; `http:` only for loopback. Default: from cloud and region')
  DEFENDER_API_URL: string?

  @description('token scope, e.g. `https://api.securitycenter.microsoft.com/.default`. Default: from cloud')
  DEFENDER_SCOPE: string?

  @description('where tokens are asked for, over HTTPS. Default: from cloud')
  AZURE_AUTHORITY_HOST: string?

  @description('when a snapshot starts: NCRONTAB, six fields, UTC. Default: 0 0 2 * * *')
  SYNC_SCHEDULE: string?

  @description('quota of `getmissingkbs` in any 60 seconds. Default: 50')
  SYNC_CALLS_PER_MINUTE: string?

  @description('quota of `getmissingkbs` in any 3,600 seconds. Default: 1500')
  SYNC_CALLS_PER_HOUR: string?

  @description('calls in flight. Default: 8')
  SYNC_CONCURRENCY: string?

  @description('longest slice. Default: 45')
  SYNC_SLICE_SECONDS: string?

  @description('how long a tenant\'s lease lasts unless renewed; a killed writer is succeeded after it. Default: 90')
  SYNC_LEASE_SECONDS: string?

  @description('how snapshots learn what machines miss: `perMachine` asks about each, `export` reads the vulnerability export, which the permission `Vulnerability.Read.All` allows. Default: perMachine')
  SOURCE: string?

  @description('share of the machines that is asked each day to check the export; 0 to 1. Default: 0.034')
  EXPORT_SAMPLE: string?

  @description('OData `$filter` for the machine list')
  MACHINE_FILTER: string?

  @description('prefixes of osPlatform to ask, between commas; others are listed and `skipped`. Default: Windows')
  MACHINE_PLATFORMS: string?

  @description('prefix of every table name: lower-case letters and digits')
  TABLE_PREFIX: string?

  @description('hours without an ended snapshot after which health is `stale`. Default: twice the schedule\'s interval')
  HEALTH_STALE_HOURS: string?

  @description('below this share of assessed machines the newest snapshot makes health `stale`; 0 to 1. Default: 0.5')
  HEALTH_LEAST_ASSESSED: string?

  @description('deadlines: the name of a preset, or rules of your own as JSON; see [docs/deadlines.md](docs/deadlines.md). Default: standard')
  CATALOGUE_POLICY: string?

  @description('how people get into the page: `key` asks for a function key, `entra` for a sign-in at the platform, `off` serves no page. Default: key')
  PAGE_SIGN_IN: string?

  @description('whether public sources are asked what is known of KBs: `off` asks none. Default: on')
  CATALOGUE: string?

  @description('Microsoft\'s documents on its updates, or a mirror that has `updates` and `cvrf/2026-Apr` below it; `http:` only for loopback. Default: https://api.msrc.microsoft.com/cvrf/v3.0')
  CATALOGUE_MSRC_URL: string?

  @description('CISA\'s catalogue of known exploited vulnerabilities, or a copy of it; `http:` only for loopback. Default: https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json')
  CATALOGUE_KEV_URL: string?
}
