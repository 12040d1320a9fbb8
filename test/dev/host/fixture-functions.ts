import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions'

/** The functions of both fixture apps; `events` is a log of what ran. */
export const events: string[] = []
export const gates = new Map<string, () => void>()

export function registerFunctions(): void {
  app.http('echo', { methods: ['GET', 'POST', 'HEAD'], authLevel: 'function', route: 'echo/{id}/{rest?}', handler: echo })
  app.http('files', { methods: ['GET'], authLevel: 'anonymous', route: 'files/{*path}', handler: ({ params }) => ({ jsonBody: params }) })
  app.http('Zulu', { methods: ['GET'], authLevel: 'anonymous', route: 'order/literal', handler: () => ({ body: 'zulu' }) })
  app.http('alpha', { methods: ['GET'], authLevel: 'anonymous', route: 'order/{any}', handler: () => ({ body: 'alpha' }) })
  app.http('locked', { methods: ['GET'], authLevel: 'admin', handler: () => ({ body: 'open' }) })
  app.http('binary', { methods: ['POST'], authLevel: 'anonymous', handler: reverseBytes })
  app.http('throws', {
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: () => {
      throw new Error('broken on purpose: secret-42')
    },
  })
  app.http('nothing', { methods: ['GET'], authLevel: 'anonymous', handler: returnNothing })
  app.http('status', {
    methods: ['GET'],
    authLevel: 'anonymous',
    route: 'status/{code}',
    handler: ({ params }) => ({ status: Number(params['code']) }),
  })
  app.http('waits', { methods: ['GET'], authLevel: 'anonymous', route: 'waits/{gate}', handler: waitAtGate })
  app.timer('tick', {
    schedule: '0 * * * * *',
    handler: (timer) => {
      events.push(JSON.stringify(timer))
    },
  })
  app.timer('brokenTick', {
    schedule: '0 * * * * *',
    handler: () => {
      throw new TypeError('tick is broken')
    },
  })
  app.timer('slowTick', { schedule: '0 * * * * *', handler: () => new Promise<void>((resolve) => gates.set('slowTick', resolve)) })
  app.hook.appStart(() => {
    events.push('appStart')
  })
  app.hook.appTerminate(() => {
    events.push('appTerminate')
  })
  app.hook.preInvocation(({ invocationContext }) => {
    events.push(`before ${invocationContext.functionName}`)
  })
  app.hook.postInvocation(({ invocationContext, error }) => {
    events.push(`after ${invocationContext.functionName}${error ? ' failed' : ''}`)
  })
}

function returnNothing(): HttpResponseInit {
  return JSON.parse('null') as HttpResponseInit
}

async function echo(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  context.log('echoing')
  const body = request.method === 'POST' ? await request.text() : ''
  return {
    status: 201,
    headers: { 'X-Echo': request.headers.get('x-probe') ?? 'none', 'content-type': 'application/json' },
    jsonBody: { method: request.method, url: request.url, params: request.params, query: Object.fromEntries(request.query), body },
  }
}

async function reverseBytes(request: HttpRequest): Promise<HttpResponseInit> {
  const bytes = new Uint8Array(await request.arrayBuffer()).reverse()
  return { body: bytes, headers: { 'content-type': 'application/octet-stream' } }
}

async function waitAtGate({ params }: HttpRequest): Promise<HttpResponseInit> {
  const gate = params['gate'] ?? ''
  await new Promise<void>((resolve) => gates.set(gate, resolve))
  return { body: gate }
}
