export { intervalMs, nextStart, parseSchedule, startsBetween, type ParsedSchedule, type Schedule } from './schedule.ts'
