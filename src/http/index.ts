export { type Route, type RouteDescription } from './route.ts'
export { serve } from './serve.ts'
export * from './routes/index.ts'
