import type { TableClient } from '@azure/data-tables'
import { createCredential } from '../../../src/defender/index.ts'
import { tableOpener } from '../../../src/store/open-table.ts'
import { openServices } from './services.ts'

/** A table as the SDK alone sees it, with nothing of the program's store in between. */
export function openBare(name: string): TableClient {
  return tableOpener(openServices().config.storage, () => createCredential())(name)
}
