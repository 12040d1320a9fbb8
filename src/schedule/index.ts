export { intervalMs, parseSchedule, startsBetween, type Schedule } from './schedule.ts'

/** When the next snapshot of a real tenant starts, as `npm start` says. @forTests */
export { nextStart } from './schedule.ts'
