import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { json, type Step } from './scripted-server.ts'
import { idOf } from './scripted-world.ts'
import { startWorld, takeSnapshot, type WorldOptions } from './world.ts'

/** A Defender that answers for machine n, from 1 on, with the n-th step, however often it is asked; to be changed at any time. */
export interface AnsweringDefender {
  url: string
  steps: Step[]
  /** Requests, in order: the number of the machine, or `list`. */
  asked: (number | 'list')[]
}

export const answerOf = (...rows: object[]): Step => json({ value: rows })

export async function startAnsweringDefender(...steps: Step[]): Promise<AnsweringDefender> {
  const defender: AnsweringDefender = { url: '', steps, asked: [] }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://host')
    const [, , , machineId] = url.pathname.split('/')
    const number = machineId === undefined ? 'list' : Number.parseInt(machineId, 16)
    defender.asked.push(number)
    const step = number === 'list' ? listOf(defender.steps.length, Number(url.searchParams.get('$skip'))) : defender.steps[number - 1]
    ;(step ?? json({ error: { code: 'ResourceNotFound' } }, 404))(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => closed(server))
  defender.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return defender
}

function listOf(count: number, skip: number): Step {
  const machines = Array.from({ length: count }, (_, index) => ({ id: idOf(index + 1), osPlatform: 'Windows11' }))
  return json({ value: machines.slice(skip) })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** The program, with its real client, over such a Defender. */
export async function startAnsweringWorld(steps: Step[], options: WorldOptions = {}) {
  const defender = await startAnsweringDefender(...steps)
  const world = await startWorld({ machines: 1, tables: 'tableService', ...options })
  const services = await world.another({
    environment: { DEFENDER_API_URL: defender.url, SYNC_SCHEDULE: '0 0 2 * * *', ...options.environment },
  })
  /** Takes a snapshot; its row, and the state and code of each machine, by number. */
  const snapshot = async () => {
    const snapshotId = await takeSnapshot(services, world.clock)
    const machines: string[] = []
    for await (const page of world.store.machines.pages()) machines.push(...page.map(({ state, code }) => code ?? state ?? ''))
    return { row: await world.store.snapshots.get(snapshotId), machines }
  }
  return { world, services, defender, snapshot }
}
