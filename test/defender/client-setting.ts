import { onTestFinished } from 'vitest'
import { createDefenderClient, type DefenderClient, type TokenSource } from '../../src/defender/index.ts'
import { recordingOutside, type RecordingOutside } from '../support/recording-outside.ts'
import { type ScriptedServer, startScriptedServer, type Step } from '../support/scripted-server.ts'

export const NOW = Date.parse('2026-03-10T02:00:00Z')
export const TOKEN = 'secret-token-of-this-test'
export const ID = '1e5bc9d7e413ddd7902c2932e418702b84d0cc07'

export interface Setting {
  client: DefenderClient
  server: ScriptedServer
  outside: RecordingOutside
  /** Tokens that the client said were answered 401. */
  refused: string[]
}

/** A client and the server that it calls, which answers in steps. */
export async function setting({
  steps,
  callTimeoutMs = 20_000,
  concurrency = 4,
}: {
  steps: Step[]
  callTimeoutMs?: number
  concurrency?: number
}): Promise<Setting> {
  const server = await startScriptedServer(...steps)
  const outside = recordingOutside(NOW)
  const refused: string[] = []
  const token: TokenSource = { get: async () => ({ kind: 'token', token: TOKEN }), refuse: (text) => refused.push(text) }
  const client = createDefenderClient({ apiUrl: server.url, concurrency, callTimeoutMs, token, outside })
  onTestFinished(() => client.close())
  return { client, server, outside, refused }
}
