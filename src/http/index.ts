export { namedSchemas, routes } from './routes/route-list.ts'
