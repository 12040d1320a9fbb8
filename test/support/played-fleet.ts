import fc from 'fast-check'
import type { ListedMachine, MissingKb } from '../../src/domain/index.ts'
import { faultOf, idOf, kbOf, machineOf, type ScriptedWorld, START } from './scripted-world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** What a machine says at a look, and how it is listed. */
interface MachineAtLook {
  kbs: string[]
  fate: 'answers' | 'silent' | 'unknown' | 'gone' | 'upgraded' | 'hasNotReported'
  group: string | null
}

export interface Look {
  hours: number
  machines: MachineAtLook[]
  /** Where the process that takes it dies, if it does. */
  diesAt: number | undefined
}

/** Cumulative updates of two months, one of them beside another, and one of a product of which that is not known. */
const KBS: readonly MissingKb[] = [
  { ...kbOf('5001'), kbName: 'February 2026 Security Updates' },
  { ...kbOf('5002'), kbName: 'March 2026 Security Updates' },
  { ...kbOf('5003'), kbName: 'March 2026 Security Updates', productsNames: ['windows_11', 'net_framework'] },
  { ...kbOf('5004'), productsNames: ['office'] },
  { ...kbOf('5005'), productsNames: ['office'] },
]

const MACHINES = 5

const machineAtLook: fc.Arbitrary<MachineAtLook> = fc.record({
  kbs: fc.subarray(KBS.map(({ kbId }) => kbId)),
  fate: fc.constantFrom('answers', 'answers', 'answers', 'silent', 'unknown', 'gone', 'upgraded', 'hasNotReported'),
  group: fc.constantFrom(null, 'Servers', 'Servers', 'Laptops'),
})

/** Looks at a fleet, several a day or weeks apart, some of them by a process that dies. */
export const looks: fc.Arbitrary<Look[]> = fc.array(
  fc.record({
    hours: fc.constantFrom(3, 5, 24, 24, 168, 900),
    machines: fc.array(machineAtLook, { minLength: MACHINES, maxLength: MACHINES }),
    diesAt: fc.option(fc.integer({ min: 40, max: 190 }), { nil: undefined }),
  }),
  { minLength: 3, maxLength: 6 },
)

/** Puts a look into Defender's mouth. */
export function play({ script }: ScriptedWorld, { machines }: Look, at: number, index: number): void {
  const listed = machines.flatMap((machine, number): ListedMachine[] =>
    machine.fate === 'gone' ? [] : [listedAs(machine, number, at, index)],
  )
  // A listing without any machine would be no look at all.
  script.machines = [...listed, machineOf(99, { lastSeen: new Date(at - HOUR).toISOString() })]
  for (const [number, { kbs, fate }] of machines.entries()) {
    script.kbs.set(idOf(number), fate === 'silent' ? [] : KBS.filter(({ kbId }) => kbs.includes(kbId)))
  }
  const unknown = new Set(machines.flatMap(({ fate }, number) => (fate === 'unknown' ? [idOf(number)] : [])))
  script.missingKbs = (machineId) => (unknown.has(machineId) ? faultOf('transient', 404) : undefined)
}

function listedAs({ fate, group }: MachineAtLook, number: number, at: number, index: number): ListedMachine {
  const seenAt = fate === 'silent' ? START - 90 * DAY : fate === 'hasNotReported' ? START - HOUR : at - HOUR
  const version = fate === 'upgraded' ? `2${index}H2` : null
  return machineOf(number, { rbacGroupName: group, lastSeen: new Date(seenAt).toISOString(), version })
}
