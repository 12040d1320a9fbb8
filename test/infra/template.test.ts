import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BICEP_VERSION } from '../../dev/infra/bicep.ts'
import { settingsBicep, withSettings } from '../../dev/infra/settings-of-template.ts'
import { sourcesHash } from '../../dev/infra/sources.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const { version, repository } = JSON.parse(read('package.json')) as { version: string; repository: { url: string } }

interface Template {
  metadata: { sourcesSha256: string }
  parameters: Record<string, { type: string; defaultValue?: unknown }>
  variables: Record<string, unknown>
  resources: Record<string, { dependsOn?: string[] }>
}
const text = read('infra/azuredeploy.json')
const template = JSON.parse(text) as Template

/** Every object of a JSON value, from the outside in. */
function objectsOf(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(objectsOf)
  if (typeof value !== 'object' || value === null) return []
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(objectsOf)]
}

/** Built-in roles that are granted: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const ROLES = {
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88': 'Storage Queue Data Contributor',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
}

describe('the compiled template', () => {
  it('is made from the Bicep files, queries and version that are here', () => {
    expect(template.metadata.sourcesSha256, 'npm run infra -- --write').toBe(sourcesHash())
  })

  it('was made by the version of Bicep that CI takes', () => {
    expect(objectsOf(template).filter(({ name }) => name === 'bicep').length).toBeGreaterThan(0)
    expect(text).toContain(`"version": "${BICEP_VERSION}.`)
    expect(read('.ci/bicep.csproj')).toContain(`Version="[${BICEP_VERSION}]"`)
  })

  it('has no key, password or secret, and asks nothing for one', () => {
    expect(text).not.toMatch(/listKeys|listAccountSas|listServiceSas|listCredentials|AccountKey|SharedAccessSignature/i)
    expect(objectsOf(template).filter(({ type }) => typeof type === 'string' && /^secure/i.test(type))).toEqual([])
    expect(Object.keys(template.parameters).filter((name) => /key|secret|password|token/i.test(name))).toEqual([])
  })

  it('grants no role but those that are known', () => {
    const guids = text.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g) ?? []
    expect(new Set(guids)).toEqual(new Set(Object.keys(ROLES)))
  })

  it('says of every identity that gets a role that it is no person', () => {
    const assignments = objectsOf(template).filter(({ type }) => type === 'Microsoft.Authorization/roleAssignments')
    expect(assignments).toHaveLength(3)
    for (const { properties } of assignments) expect(properties).toMatchObject({ principalType: 'ServicePrincipal' })
  })

  it('names no address of the public cloud', () => {
    expect(text).not.toMatch(/core\.windows\.net|azurewebsites\.net/)
  })

  it('takes the package of the version that it is of, from its own repository', () => {
    const [repositoryName, versionName] = ['$fxv#0', '$fxv#1']
    expect(template.variables).toMatchObject({
      packageOfRelease: `[format('{0}/releases/download/v{1}/patchtrail.zip', variables('repository'), variables('version'))]`,
      repository: `[variables('${repositoryName}')]`,
      version: `[variables('${versionName}')]`,
      [repositoryName]: repository.url,
      [versionName]: version,
    })
  })

  // Resource Manager knows no variables yet when it takes the defaults; Bicep makes one of a file that is loaded.
  it('has no default that needs a variable', () => {
    expect(
      Object.entries(template.parameters).filter(([, { defaultValue }]) => JSON.stringify(defaultValue ?? '').includes('variables(')),
    ).toEqual([])
  })

  it('makes what it needs first: roles before what is slow and before the app, the app before its package', () => {
    const dependsOn = (name: string) => template.resources[name]?.dependsOn ?? []
    expect(dependsOn('monitoring')).toEqual(expect.arrayContaining(['identity', 'storage']))
    expect(dependsOn('app')).toEqual(expect.arrayContaining(['identity', 'monitoring', 'storage']))
    expect(dependsOn('package')).toContain('app')
  })

  it('leaves publishing to azd, where azd deploys', () => {
    expect(read('infra/main.bicepparam')).toContain('param publishPackage = false')
    const hooks = read('azure.yaml').match(/shell: \w+,[^\n]*infra\/hooks/g) ?? []
    expect(hooks.length).toBe(10)
    expect(hooks.filter((hook) => !hook.includes('interactive: true'))).toEqual([])
  })

  it('has no module that its main file does not use', () => {
    const main = read('infra/main.bicep')
    const modules = readdirSync(new URL('../../infra/modules/', import.meta.url))
    const sources = [main, ...modules.map((name) => read(`infra/modules/${name}`))].join('\n')
    expect(modules.filter((name) => !sources.includes(`modules/${name}'`) && !sources.includes(`from '${name}'`))).toEqual([])
  })

  it('takes the settings of the program, as azd keeps them', () => {
    expect(read('infra/modules/settings.bicep')).toBe(settingsBicep())
    const parameters = read('infra/main.bicepparam')
    expect(parameters).toContain('// settings:begin')
    expect(parameters).toBe(withSettings(parameters))
  })

  it('gets each of its parameters from azd', () => {
    const given = [...read('infra/main.bicepparam').matchAll(/^param (\w+) =/gm)].map(([, name]) => name ?? '')
    expect(given.sort()).toEqual(Object.keys(template.parameters).sort())
  })
})

describe('the form of the deploy button', () => {
  interface Element {
    name: string
    elements?: Element[]
  }
  const form = JSON.parse(read('infra/createUiDefinition.json')) as {
    parameters: { basics: Element[]; steps: Element[]; outputs: Record<string, string> }
  }
  const { basics, steps, outputs } = form.parameters

  it('gives parameters of the template only', () => {
    expect(Object.keys(outputs).filter((name) => !(name in template.parameters))).toEqual([])
  })

  it('leaves out only what has a default that suits, and says so', () => {
    const left = Object.keys(template.parameters).filter((name) => !(name in outputs))
    expect(left.sort()).toEqual(
      [
        'availabilityTestLocation',
        'maximumInstanceCount',
        'networkAddressPrefix',
        'nodeVersion',
        'packageUri',
        'publishPackage',
        'tenantId',
      ].sort(),
    )
    expect(left.filter((name) => template.parameters[name]?.defaultValue === undefined)).toEqual([])
  })

  it('uses every element that it shows, and no other', () => {
    const shown = [
      ...basics.map(({ name }) => `basics('${name}')`),
      ...steps.flatMap(({ name, elements = [] }) => elements.map((element) => `steps('${name}').${element.name}`)),
    ].filter((name) => !name.endsWith('.about'))
    const used = Object.values(outputs).flatMap((text) => text.match(/basics\('\w+'\)|steps\('\w+'\)\.\w+/g) ?? [])
    expect([...new Set(used)].sort()).toEqual(shown.sort())
  })
})
