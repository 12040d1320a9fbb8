export { budgetUse } from './budget-use.ts'
export { nextStart } from '../schedule/index.ts'
export { startsADay } from './due.ts'
export { etaSecondsOf, type Spent } from './eta.ts'
export { disableTenant, hideTenant, registerTenant } from './register-tenant.ts'
export { requestSnapshot } from './request-snapshot.ts'
export { POISON_QUEUE, SLICE_QUEUE } from './dispatch/slice-message.ts'
export { lookAgainMs } from './dispatch/waiting.ts'
export { runSliceMessage } from './run-slice-message.ts'
export { runTick } from './run-tick.ts'
export { tellPoisoned } from './tell-poisoned.ts'

/** A tick without its timer. @forTests */
export { tick, type TickResult } from './tick.ts'
