import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { cutOff, listenOnLoopback } from '../loopback.ts'
import type { FuzzCase, Target } from './fuzz-case.ts'
import { listed, machineList, machineRow, missingKbs, NOT_FOUND } from './polite.ts'
import { delivered, onTheWire, plainAnswer, type WireAnswer } from './wire-answer.ts'

/** Calls of one look: far more than any takes. */
export const MOST_CALLS = 4_000

/** An answer that was given, as far as a client that does all by the book has it. */
export interface Served {
  look: number
  target: Target
  machineId: string
  /** 0 for the first page. */
  page: number
  status: number
  /** Undefined where the client knows that it has not got all. */
  body: Buffer | undefined
}

export interface FuzzDefender {
  /** The origin that the program is given. */
  url: string
  /** The same server under another name: no call may come by it. */
  foreignUrl: string
  served: Served[]
  /** Requests that came by another name, or without the token. */
  strays: string[]
  /** Answers as a case says, from its first look on. */
  play(fuzzCase: FuzzCase): void
  look: number
  /** Refuses the next call with a 429, so that the slice ends there. */
  breakOffAt: number
  close(): Promise<void>
}

interface Asked {
  target: Target
  machineId: string
  page: number
  /** Rows of the list that are passed over. */
  skip: number
}

/** A Defender that tells the truth of a fleet, but for what a case makes of one of its answers. */
export async function startFuzzDefender(token: string): Promise<FuzzDefender> {
  const player = new Player()
  const server = createServer((request, response) => {
    const host = String(request.headers.host)
    if (host !== player.host || request.headers.authorization !== `Bearer ${token}`) player.strays.push(`${host} ${request.url}`)
    player.answer(request, response)
  })
  server.on('clientError', (_, socket) => socket.destroy())
  const url = await listenOnLoopback(server, 0)
  player.host = new URL(url).host
  return Object.assign(player, { url, foreignUrl: url.replace('127.0.0.1', 'localhost'), close: () => cutOff(server) })
}

class Player {
  host = ''
  look = 0
  breakOffAt = -1
  served: Served[] = []
  strays: string[] = []
  #case: FuzzCase | undefined
  #asked = new Map<string, number>()
  #last = new Map<string, WireAnswer>()
  #calls = new Map<number, number>()

  play(fuzzCase: FuzzCase): void {
    this.#case = fuzzCase
    this.look = 0
    this.breakOffAt = -1
    this.served = []
    this.strays = []
    this.#asked = new Map()
    this.#last = new Map()
    this.#calls = new Map()
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const asked = readAsked(new URL(request.url ?? '', 'http://host'))
    const isBrokenOff = this.breakOffAt-- === 0
    // Whoever goes round in circles is let out, to be judged.
    const isEnough = this.#count() > MOST_CALLS
    const hostile = isBrokenOff || isEnough ? undefined : this.#hostile(asked)
    const answer = hostile ?? (isBrokenOff ? BREAK_OFF : this.#polite(asked))
    const { target, machineId, page } = asked
    this.served.push({ look: this.look, target, machineId, page, status: answer.status, body: delivered(answer) })
    if (hostile) return void response.socket?.end(onTheWire(hostile))
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(answer.body)
  }

  #count(): number {
    const calls = (this.#calls.get(this.look) ?? 0) + 1
    this.#calls.set(this.look, calls)
    return calls
  }

  #hostile({ target, machineId, page }: Asked): WireAnswer | undefined {
    const { attack, look } = this.#case ?? {}
    if (attack?.kind !== 'answers' || look !== this.look || attack.target !== target) return undefined
    if (target !== 'list' && attack.machineId !== machineId) return undefined
    const key = `${target} ${machineId}`
    if (page > 0) return this.#nextPage(key)
    const count = this.#asked.get(key) ?? 0
    this.#asked.set(key, count + 1)
    if (count < attack.from || count >= attack.from + attack.times) return undefined
    const answer = attack.answers[(count - attack.from) % attack.answers.length]
    if (answer === undefined || answer === 'polite') return undefined
    this.#last.set(key, answer)
    return answer
  }

  #nextPage(key: string): WireAnswer | undefined {
    const last = this.#last.get(key)
    return last?.next === 'same' ? last : last?.next
  }

  #polite({ target, machineId, skip }: Asked): WireAnswer {
    const { fleet, attack } = this.#case ?? { fleet: { machines: [], kbs: [] } }
    const isHidden = attack?.kind === 'answers' && attack.target === 'byId' && this.#case?.look === this.look
    if (target === 'list') {
      const machines = listed(fleet, this.look, isHidden ? attack.machineId : undefined).slice(skip)
      return json(machineList(machines.map((machine) => machineRow(machine, this.look))))
    }
    const machine = listed(fleet, this.look).find(({ id }) => id === machineId)
    if (!machine) return json(NOT_FOUND, 404)
    return json(target === 'byId' ? machineRow(machine, this.look) : missingKbs(fleet, machine, this.look))
  }
}

const json = (body: unknown, status = 200) => plainAnswer('', JSON.stringify(body), status)

const BREAK_OFF: WireAnswer = { ...json({ error: { code: '429', message: 'x' } }, 429), headers: [['retry-after', '1']] }

/** `machineId` is empty for the list. */
function readAsked({ pathname, search, searchParams }: URL): Asked {
  const [, , , machineId = '', last] = pathname.split('/')
  const skip = Number(searchParams.get('$skip') ?? 0)
  if (machineId === '') return { target: 'list', machineId, page: 0, skip }
  const target = last === 'getmissingkbs' ? 'missingKbs' : 'byId'
  return { target, machineId: decodeURIComponent(machineId), page: search === '' ? 0 : 1, skip }
}
