export { feedRoute } from './feed-route.ts'
export { entitySets } from './model.ts'
