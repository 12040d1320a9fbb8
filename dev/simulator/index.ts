export type { Faults } from './faults.ts'
export { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts'
export { type SimulatedTenants, startSimulatedTenants } from './simulated-tenants.ts'
export { tenantIdOf } from './tenant-id.ts'
