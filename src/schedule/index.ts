export { intervalMs, nextStart, parseSchedule, startsBetween, type Schedule } from './schedule.ts'
