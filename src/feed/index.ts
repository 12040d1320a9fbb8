export { feedRoute } from './feed-route.ts'

/** What the Power BI project is checked against. @forTests */
export { entitySets } from './model.ts'
