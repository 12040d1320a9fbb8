// Azurite's table service alone, as a child of dev/azurite.ts. It says over IPC where it listens, and ends with its parent however that dies:
// Azurite's own command can do neither (it prints the port it was asked for, 0, and outlives a killed parent).
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const TableConfiguration = require('azurite/dist/src/table/TableConfiguration.js').default
const TableServer = require('azurite/dist/src/table/TableServer.js').default

const [databasePath] = process.argv.slice(2)
const off = undefined
const configuration = new TableConfiguration(
  '127.0.0.1',
  0,
  /* keepAliveTimeout */ 5,
  databasePath,
  /* debugLog */ false,
  /* accessLog */ false,
  off,
  off,
  /* loose */ false,
  /* skipApiVersionCheck */ true,
  off,
  off,
  off,
  off,
  /* disableProductStyleUrl */ true,
  /* inMemory */ databasePath === undefined,
)
const server = new TableServer(configuration)

// The channel closes when the parent ends, by SIGKILL too. Closing the server writes a database that is kept on disk.
process.on('disconnect', () => server.close().finally(() => process.exit()))
// Ctrl+C reaches the whole group; the parent decides when its storage goes.
process.on('SIGINT', () => {})

await server.start()
process.send({ url: server.getHttpServerAddress() })
