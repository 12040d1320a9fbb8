export { startSimulator, type MachineAt, type Simulator, type SimulatorOptions } from './simulator.ts'
export { type FaultName, type FaultRule, type Faults } from './faults.ts'
export { type RequestRecord } from './request-log.ts'
export { type Fact } from './story.ts'
