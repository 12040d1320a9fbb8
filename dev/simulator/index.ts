export type { Faults } from './faults.ts'
export { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts'
