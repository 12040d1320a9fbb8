export { pageDataRoute } from './data-route.ts'
export { pageSessionRoute } from './session-route.ts'
export { pageShellRoute } from './shell-route.ts'
export { pageSyncRoute } from './sync-route.ts'
