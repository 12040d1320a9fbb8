export { FEED_ROOT } from './answer-feed.ts'
export { entitySets } from './model.ts'
export { serveFeed } from './serve-feed.ts'
