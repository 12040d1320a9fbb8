import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type Ended, runSideBySide, type Step } from '../../dev/side-by-side.mjs'

const folder = mkdtempSync(join(tmpdir(), 'side-by-side-'))
afterAll(() => rmSync(folder, { recursive: true }))

const step = (name: string, program: string): Step => ({ name, args: ['--eval', program] })
const file = (name: string) => JSON.stringify(join(folder, name))

/** Goes on when the other has begun. */
const meets = (own: string, other: string) =>
  `const fs = require('node:fs'); fs.writeFileSync(${file(own)}, ''); const met = () => fs.existsSync(${file(other)}) || setTimeout(met, 5); met()`

async function run(steps: Step[], atOnce: number) {
  const told: Ended[] = []
  const failed = await runSideBySide(steps, { atOnce, tell: (ended) => told.push(ended) })
  return { told, failed }
}

test('steps run side by side, and what each wrote stays together', async () => {
  const { told, failed } = await run(
    [
      step('one', `${meets('a', 'b')}; console.log('1'); console.error('2')`),
      step('other', meets('b', 'a')),
      step('last', 'console.log("x")'),
    ],
    2,
  )
  expect(failed).toBeUndefined()
  expect(told.map(({ name, code }) => `${name} ${code}`).sort()).toEqual(['last 0', 'one 0', 'other 0'])
  expect(
    told
      .find(({ name }) => name === 'one')
      ?.output.split('\n')
      .sort(),
  ).toEqual(['', '1', '2'])
})

test('one that fails ends those under way, of which nothing is told, and keeps the others from beginning', async () => {
  const endless = 'setInterval(() => undefined, 1_000)'
  const { told, failed } = await run(
    [step('endless', endless), step('fails', 'console.log("why"); process.exitCode = 3'), step('never', endless)],
    2,
  )
  expect(failed).toEqual({ name: 'fails', code: 3, output: 'why\n' })
  expect(told).toEqual([failed])
})

test('one that a signal ends has failed', async () => {
  expect((await run([step('killed', 'process.kill(process.pid)')], 1)).failed).toMatchObject({ name: 'killed', code: 1 })
})
