export { refreshCatalogue } from './refresh.ts'
