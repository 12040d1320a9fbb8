import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { routes } from '../../src/http/routes/route-list.ts'
import { sendRaw } from '../support/send-raw.ts'
import { HOST_KEY, serveApp, type ServedApp } from '../support/served-app.ts'

let served: ServedApp

beforeAll(async () => {
  served = await serveApp({ PAGE_SIGN_IN: ' Off ' })
})
afterAll(async () => {
  await served.app.terminate()
  vi.unstubAllEnvs()
})

describe('where PAGE_SIGN_IN is off', () => {
  it('there is no function of the page', () => {
    expect(served.app.functions.map(({ name }) => name).filter((name) => /page/i.test(name))).toEqual([])
    expect(served.app.functions.map(({ name }) => name)).toContain('health')
  })

  it('nothing of it is there, for anybody', async () => {
    const data = routes.map(({ path }) => `data/${path.replace(/\{\w+\}/g, '1')}`)
    for (const path of ['', '/', '/session', '/data/sync', '/assets/page.js', ...data.map((one) => `/${one}`)])
      for (const method of ['GET', 'HEAD', 'POST'])
        for (const headers of [{}, { 'x-functions-key': HOST_KEY }])
          expect((await sendRaw(served.url, `/api/page${path}`, { method, headers })).status, `${method} ${path}`).toBe(404)
  })
})
