import { randomBytes } from 'node:crypto'
import { app } from '@azure/functions'
import { watchConnections } from '../../src/edge/connection.ts'
import { respond } from '../../src/edge/respond.ts'
import { problemDialect } from '../../src/http/problem-dialect.ts'
import { createProgram } from '../../src/program.ts'
import { recordingOutside } from '../support/recording-outside.ts'

/** An app that streams by the edge of the program; `made` counts the pieces of the streams, `ended` those that were let go. */
export const counts = { made: 0, ended: 0 }

export const PIECES = 1_600
export const PIECE = 'x'.repeat(65_536)

const outside = recordingOutside(0)
export const { lines } = outside
const settings = { DEFENDER_TENANT_ID: '8a0b1f3e-5c4d-4e2f-9a6b-7c8d9e0f1a2b', STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true' }
const program = createProgram(settings, outside)
const findConnection = watchConnections()

app.setup({ enableHttpStream: true })
serve('long', pieces)
serve('broken', brokenPieces)
serve('quiet', quietPieces)

function serve(route: string, chunks: () => AsyncGenerator<string>): void {
  const answer = () => Promise.resolve({ status: 200, contentType: 'text/plain', chunks: chunks() })
  const handler = respond(problemDialect, { route, answer }, () => program, findConnection)
  app.http(route, { methods: ['GET'], authLevel: 'anonymous', handler })
}

async function* pieces(): AsyncGenerator<string> {
  try {
    for (counts.made = 0; counts.made < PIECES; counts.made += 1) yield PIECE
  } finally {
    counts.ended += 1
  }
}

/** Fails when the test says so, which is when its beginning has arrived. */
export const failing = { now: () => undefined as void }

async function* brokenPieces(): AsyncGenerator<string> {
  const asked = new Promise<void>((resolve) => (failing.now = resolve))
  // Text that hardly gets shorter when it is compressed.
  yield randomBytes(500_000).toString('base64')
  await asked
  throw new Error('broke in the middle')
}

/** Looks for more for ever and finds nothing, as a filter may that matches little. */
async function* quietPieces(): AsyncGenerator<string> {
  try {
    yield randomBytes(500_000).toString('base64')
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve))
      yield ''
    }
  } finally {
    counts.ended += 1
  }
}
