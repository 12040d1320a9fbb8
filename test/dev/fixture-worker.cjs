// The way of the Functions Node worker, and no more: CommonJS `require` answers for `@azure/functions-core`, the entry is imported.
const { readFileSync } = require('node:fs')
const Module = require('node:module')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')

const functions = new Map()
let model
const core = {
  version: '3',
  hostVersion: '4',
  log() {},
  registerFunction: (metadata, callback) => functions.set(metadata.name, callback),
  registerHook() {},
  setProgrammingModel: (given) => {
    model = given
  },
}
const original = Module.prototype.require
Module.prototype.require = function (id) {
  return id === '@azure/functions-core' ? core : original.call(this, id)
}

const [, , directory] = process.argv
const { main } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
import(pathToFileURL(join(directory, main)).href).then(async () => {
  const { body } = await functions.get('credential')()
  process.stdout.write(JSON.stringify({ model: model.name, functions: [...functions.keys()], answer: body }))
})
