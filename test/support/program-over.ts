import type { Environment } from '../../src/config/index.ts'
import type { Outside } from '../../src/outside.ts'
import { createProgram, type Program } from '../../src/program.ts'
import { openStore, rowLog, STORAGE_OPTIONS } from '../../src/store/index.ts'
import { openClient, type Tables } from './table-services.ts'

/** A program as the app makes it, over tables to which it goes by the shortest way. */
export function programOver(tables: Tables, environment: Environment, outside: Outside): Program {
  const { connectionString, httpClient } = typeof tables === 'string' ? { connectionString: tables } : tables
  const program = createProgram({ STORAGE_CONNECTION_STRING: connectionString, ...environment }, outside)
  if (program.kind === 'broken' || !httpClient) return program
  const { services } = program
  services.store = openStore((name) => openClient(tables, name, STORAGE_OPTIONS), services.config.storage.tablePrefix, rowLog(outside.log))
  return program
}
