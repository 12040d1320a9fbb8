import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { assignmentsUrl, defenderThere, graphCloud, held, MACHINES, OUTPUTS, signedIn, SOFTWARE } from './azure-answers.ts'
import { FakeTools, fails, type Rule, says } from './fake-az.ts'

const hook = (name: string) => fileURLToPath(new URL(`../../infra/hooks/${name}.mjs`, import.meta.url))
const run = (name: string, rules: Rule[], env: Record<string, string> = {}) => new FakeTools(rules, env).run(process.execPath, [hook(name)])

describe('as azd starts them, in processes of their own', () => {
  test('preprovision ends with 1 where it must not go on', async () => {
    const { code, out } = await run('preprovision', [['account show', fails("Please run 'az login' to setup account.")]])
    expect(code).toBe(1)
    expect(out).toContain('STOP  az is not signed in')
  })

  test('preprovision ends with 0 where nothing is known yet', async () => {
    expect(await run('preprovision', [signedIn])).toMatchObject({ code: 0, err: '' })
  })

  test('postprovision grants, with a body that az reads from a file', async () => {
    const rules: Rule[] = [
      signedIn,
      graphCloud,
      defenderThere,
      [['GET', assignmentsUrl], held(MACHINES)],
      [['POST', assignmentsUrl], says({})],
      ['function list', says(0)],
    ]
    const tools = new FakeTools(rules, OUTPUTS)
    const { code, out } = await tools.run(process.execPath, [hook('postprovision')])
    expect(code).toBe(0)
    expect(out).toBe('Granted in Defender (WindowsDefenderATP): Software.Read.All.\n')
    expect(JSON.parse(tools.callsWith('POST')[0]?.file ?? '')).toMatchObject({ appRoleId: SOFTWARE })
  })

  test('predown ends with 1, which keeps azd from going on', async () => {
    expect(await run('predown', [], OUTPUTS)).toMatchObject({ code: 1, err: '' })
  })

  test.each(['predeploy', 'postdeploy'])('%s ends with 1 without the outputs of the template', async (name) => {
    const { code, out } = await run(name, [])
    expect(code).toBe(1)
    expect(out).toContain("azd's environment has no ")
  })
})
