import { describe, expect, it } from 'vitest'
import { json, status } from '../support/scripted-server.ts'
import { setting, TOKEN } from './client-setting.ts'

const ID = 'microsoft-_-windows_11'
const PATH = `/api/Software/${ID}/getmissingkbs`
const never = async () => false
const always = async () => true

describe('softwareMissingKbs', () => {
  it('reads the KBs of a software with their counts', async () => {
    const row = {
      id: '4540673',
      name: 'March 2020 Security Updates',
      productsNames: ['edge'],
      url: null,
      machineMissedOn: 240,
      cveAddressed: 14,
    }
    const { client, server } = await setting({ steps: [json({ value: [row] })] })
    const read = await client.softwareMissingKbs(ID, never)
    expect(read).toMatchObject({ kind: 'counted', kbs: [{ kbId: '4540673', machineMissedOn: 240 }] })
    expect(server.log[0]).toBe(`START GET ${PATH}`)
    expect(server.headers[0]?.authorization).toBe(`Bearer ${TOKEN}`)
  })

  it('follows pages on its own host only, within the budget', async () => {
    const page = (id: string, next?: string) => json({ value: [{ id, machineMissedOn: 1 }], ...(next && { '@odata.nextLink': next }) })
    const whole = await setting({ steps: [page('1', `${PATH}?$skip=1`), page('2')] })
    expect(await whole.client.softwareMissingKbs(ID, always)).toMatchObject({ kind: 'counted', kbs: [{ kbId: '1' }, { kbId: '2' }] })
    const cut = await setting({ steps: [page('1', `${PATH}?$skip=1`)] })
    expect(await cut.client.softwareMissingKbs(ID, never)).toMatchObject({ fault: { code: 'pagesCutOff' } })
    const foreign = await setting({ steps: [page('1', 'https://elsewhere.example/x')] })
    expect(await foreign.client.softwareMissingKbs(ID, always)).toMatchObject({ fault: { code: 'foreignNextLink' } })
  })

  it('takes no error for an answer', async () => {
    for (const step of [status(404), status(500), json({ value: 'none' }), json({ value: [{ machineMissedOn: 3 }] })]) {
      const { client, outside } = await setting({ steps: [step] })
      expect((await client.softwareMissingKbs(ID, never)).kind).toBe('fault')
      expect(outside.lines.join()).toContain('softwareMissingKbs')
    }
  })
})
