export type { SimulatedDocuments } from './simulate-documents.ts'
export { type SimulatedCatalogue, startCatalogue } from './start-catalogue.ts'
