import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SLICE_QUEUE } from '../../src/sync/index.ts'
import { settingNames } from '../../src/config/index.ts'
import { NOT_IN_AZURE } from '../../dev/infra/settings-of-template.ts'

// Settings, roles, alerts, routes and files that the pages, the template and the program name are the same set.

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const deploy = read('docs/deploy.md')
const operate = read('docs/operate.md')
const { version, repository, scripts } = JSON.parse(read('package.json')) as {
  version: string
  repository: { url: string }
  scripts: Record<string, string>
}
const backticked = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '')
const guidsIn = (text: string) => new Set(text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))

/** The first table of a page whose head has these words. */
function tableOf(page: string, head: string): string[] {
  const lines = page.slice(page.indexOf(head)).split('\n')
  const end = lines.findIndex((line) => !line.startsWith('|'))
  return lines.slice(2, end)
}

describe('docs/deploy.md', () => {
  it('has a row for every variable that azd passes on, and no other', () => {
    const passed = [...read('infra/main.bicepparam').matchAll(/readEnvironmentVariable\('(\w+)'/g)].map(([, name]) => name ?? '')
    const ofAzd = ['AZURE_ENV_NAME', 'AZURE_LOCATION']
    const table = tableOf(deploy, '| variable | default |')
    const named = table.flatMap((row) => backticked(row.split('|')[1] ?? ''))
    const settings: string[] = settingNames
    const own = passed.filter((name) => !settings.includes(name) && !ofAzd.includes(name))
    expect(named.filter((name) => !settings.includes(name)).sort()).toEqual(own.sort())
    expect(settings.filter((name) => !passed.includes(name) && !(NOT_IN_AZURE as readonly string[]).includes(name))).toEqual([
      'STORAGE_TABLES_URL',
    ])
  })

  it('leads to the template, form and package of this version', () => {
    const raw = `${repository.url.replace('https://github.com/', 'https://raw.githubusercontent.com/')}/v${version}/infra/`
    for (const portal of ['portal.azure.com', 'portal.azure.us'])
      expect(deploy).toContain(
        `https://${portal}/#create/Microsoft.Template/uri/${encodeURIComponent(`${raw}azuredeploy.json`)}/createUIDefinitionUri/${encodeURIComponent(`${raw}createUiDefinition.json`)}`,
      )
    expect(deploy).toContain(`the release ${version}`)
  })

  it('names the roles of the template and of the grants', () => {
    for (const role of ['Storage Blob Data Owner', 'Storage Table Data Contributor', 'Storage Queue Data Contributor'])
      expect(deploy).toContain(role)
    const grants = read('infra/grants/grant.sh')
    for (const role of ['Machine.Read.All', 'Software.Read.All'])
      expect([deploy.includes(`\`${role}\``), grants.includes(role)]).toEqual([true, true])
    expect(guidsIn(deploy)).toEqual(new Set(['ea8291d3-4b9a-44b5-bc3a-6cea3026dc79', '37f71c98-d198-41ae-964d-2c49aab74926']))
  })
})

describe.each(['docs/deploy.md', 'docs/tenants.md'])('%s', (page) => {
  it('gives PowerShell beside every piece of bash with loops, headers or what a command printed', () => {
    const blocks = [...read(page).matchAll(/^ *```(bash|powershell|)\n([\s\S]*?)^ *```$/gm)].map(([, language, text]) => ({
      language,
      text: text ?? '',
    }))
    // What stands here is the same in both but for the quotes, as the pages say.
    const differing = blocks.filter(
      ({ language, text }) => language === 'bash' && /for |-H "|=\$\(az/.test(text) && !text.includes('BLOBS='),
    )
    expect(differing.length).toBeGreaterThan(3)
    for (const block of differing) expect(blocks[blocks.indexOf(block) + 1]?.language, block.text).toBe('powershell')
  })
})

describe('docs/operate.md', () => {
  const snapshots = readdirSync(new URL('infra/snapshots/', root)).filter((name) => name.endsWith('.snapshot.json'))
  interface Alert {
    type: string
    name: string
    properties: { severity: number }
  }
  const resources = snapshots.flatMap(
    (name) => (JSON.parse(read(`infra/snapshots/${name}`)) as { predictedResources: Alert[] }).predictedResources,
  )
  const severities = new Map(
    resources
      .filter(({ type }) => /scheduledQueryRules$|metricAlerts$/.test(type))
      .map(({ name, properties }) => [name.replace(/^patchtrail-[a-z0-9]+-/, ''), properties.severity]),
  )

  it('has a row for every alert that the template makes, and names no other', () => {
    const rows = [...tableOf(operate, '| alert | severity |'), ...tableOf(operate, '| alert | made by the template |')]
    const named = rows.map((row) => /^\| `([a-z-]+)`:/.exec(row)?.[1]).filter((name) => name !== undefined)
    expect(named.sort()).toEqual([...severities.keys()].sort())
  })

  it('tells their severity', () => {
    const told = tableOf(operate, '| alert | severity |').map((row) => /^\| `([a-z-]+)`:[^|]*\| (\d) \|/.exec(row) ?? [])
    expect(told.length).toBeGreaterThan(4)
    for (const [row, name = '', severity] of told) expect(severities.get(name), row).toBe(Number(severity))
  })
})

describe('the tables and routes', () => {
  it('are copied by hand as the store has them', () => {
    const store = readdirSync(new URL('src/store/', root))
      .map((name) => read(`src/store/${name}`))
      .join('\n')
    const tables = [...store.matchAll(/\btable\('([a-z]+)'\)/g)].map(([, name]) => name ?? '')
    const line = operate.split('\n').find((line) => line.startsWith('- Copy all tables')) ?? ''
    const named = backticked(line.slice(0, line.indexOf('before them'))).filter(
      (name) => name !== 'TABLE_PREFIX' && name !== 'changesYYYYMM',
    )
    expect(tables.length).toBeGreaterThan(5)
    expect(named.sort()).toEqual([...new Set(tables)].sort())
  })

  it('that pages, alerts and hooks ask for are the program’s', async () => {
    const { routes } = await import('../../src/http/routes/route-list.ts')
    const known = ['odata', 'openapi.json', ...routes.map(({ path }) => path.split('/')[0] ?? '')]
    const sources = ['docs/deploy.md', 'docs/operate.md', 'infra/modules/availability.bicep', 'infra/modules/alerts.bicep']
    const hooks = readdirSync(new URL('infra/hooks/', root)).map((name) => `infra/hooks/${name}`)
    const asked = [...sources, ...hooks].flatMap((path) =>
      [
        ...read(path)
          .replaceAll(/https:\/\/(?!\$|<)[^\s)]+/g, '')
          .matchAll(/\/api\/([a-z-]+(?:\.json)?)/g),
      ].map(([, name]) => name ?? ''),
    )
    expect(asked.length).toBeGreaterThan(10)
    expect([...new Set(asked)].filter((name) => !known.includes(name) && name !== 'zipdeploy')).toEqual([])
  })
})

describe('azure.yaml and the workflows', () => {
  it('run hooks and scripts that are there', () => {
    const sources = ['azure.yaml', ...readdirSync(new URL('.github/workflows/', root)).map((name) => `.github/workflows/${name}`)].map(read)
    const hooks = sources.flatMap((text) => [...text.matchAll(/node (infra\/\S+\.mjs)/g)].map(([, path]) => path ?? ''))
    expect(new Set(hooks).size).toBe(5)
    expect(hooks.filter((path) => !existsSync(new URL(path, root)))).toEqual([])
    const run = sources.flatMap((text) => [...text.matchAll(/npm (?:run (\w+)|(test))/g)].map(([, script, test]) => script ?? test ?? ''))
    expect(run.length).toBeGreaterThan(2)
    expect(run.filter((name) => !(name in scripts))).toEqual([])
  })

  it('ship the zip that the package command makes, to the site that the template tags', () => {
    const azd = read('azure.yaml')
    expect(/^ {2}(\w+):\n {4}project: \.$/m.exec(azd)?.[1]).toBe('patchtrail')
    expect(azd).toContain('dist: build/patchtrail.zip')
    expect(azd).toContain('language: custom')
    expect(read('infra/modules/app.bicep')).toContain("'azd-service-name': 'patchtrail'")
    expect(read('dev/package.mjs')).toContain('build/patchtrail.zip')
  })

  it('have notes for the version that a release would be of', () => {
    expect(/^## (\S+)/m.exec(read('CHANGELOG.md'))?.[1]).toBe(version)
  })
})

describe('the queues of the template', () => {
  it('are those that the program listens to', () => {
    const queues = [SLICE_QUEUE.queueName, `${SLICE_QUEUE.queueName}-poison`]
    const source = read('infra/modules/storage.bicep')
    for (const queue of queues) expect(source).toContain(`'${queue}'`)
  })
})
