// Azurite's table service, and its queue service where that is asked for, as a child of dev/azurite.ts. It says over IPC where they listen,
// and ends with its parent however that dies: Azurite's own commands can do neither (they print the port they were asked for, 0, and outlive
// a killed parent). Its clock can be moved, so that ten minutes for which a message is hidden pass at once.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const clock = movableDate()
globalThis.Date = clock.Date

const require = createRequire(import.meta.url)
const [services, location] = process.argv.slice(2)
const off = undefined
const inMemory = location === undefined
const servers = { tables: tableServer(), ...(services === 'queues' ? { queues: queueServer() } : {}) }

// The channel closes when the parent ends, by SIGKILL too. Closing a server writes a database that is kept on disk.
process.on('disconnect', () => Promise.allSettled(Object.values(servers).map((server) => server.close())).finally(() => process.exit()))
// Ctrl+C reaches the whole group; the parent decides when its storage goes.
process.on('SIGINT', () => {})
process.on('message', ({ id, advance }) => {
  clock.advance(advance)
  process.send({ advanced: id })
})

for (const server of Object.values(servers)) await server.start()
process.send(Object.fromEntries(Object.entries(servers).map(([name, server]) => [name, server.getHttpServerAddress()])))

function tableServer() {
  const TableConfiguration = require('azurite/dist/src/table/TableConfiguration.js').default
  const TableServer = require('azurite/dist/src/table/TableServer.js').default
  const configuration = new TableConfiguration(
    '127.0.0.1',
    0,
    /* keepAliveTimeout */ 5,
    inMemory ? undefined : join(location, '__azurite_db_table__.json'),
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
    inMemory,
  )
  return new TableServer(configuration)
}

function queueServer() {
  const QueueConfiguration = require('azurite/dist/src/queue/QueueConfiguration.js').default
  const QueueServer = require('azurite/dist/src/queue/QueueServer.js').default
  const pathOf = (name) => (inMemory ? undefined : join(location, name))
  const configuration = new QueueConfiguration(
    '127.0.0.1',
    0,
    /* keepAliveTimeout */ 5,
    pathOf('__azurite_db_queue__.json'),
    pathOf('__azurite_db_queue_extent__.json'),
    [{ locationId: 'Default', locationPath: pathOf('__queuestorage__'), maxConcurrency: 1 }],
    /* accessLog */ false,
    off,
    /* debugLog */ false,
    off,
    /* loose */ false,
    /* skipApiVersionCheck */ true,
    off,
    off,
    off,
    off,
    /* disableProductStyleUrl */ true,
    inMemory,
  )
  return new QueueServer(configuration)
}

/** A `Date` whose present can be moved. Timers go on in real time. */
function movableDate() {
  const RealDate = Date
  const realNow = RealDate.now
  let offset = 0
  const now = () => realNow() + offset
  const MovableDate = new Proxy(RealDate, {
    get: (target, name) => (name === 'now' ? now : target[name]),
    construct: (target, args, newTarget) => Reflect.construct(target, args.length > 0 ? args : [now()], newTarget),
    apply: () => new RealDate(now()).toString(),
  })
  RealDate.prototype.constructor = MovableDate
  return { Date: MovableDate, advance: (milliseconds) => void (offset += milliseconds) }
}
