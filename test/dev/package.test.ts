import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Azurite, startAzurite } from '../../dev/azurite.ts'
import { bundle } from '../../dev/build.mjs'
import { writePackage } from '../../dev/package.mjs'
import { type Simulator, startSimulator } from '../../dev/simulator/index.ts'
import { REFERENCE } from '../support/world.ts'
import { startPackage } from './package-process.ts'
import { copyCheckout } from './second-checkout.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
const folder = mkdtempSync(join(tmpdir(), 'patchtrail-package-'))
const path = join(folder, 'patchtrail.zip')
const billPath = join(folder, 'patchtrail.cdx.json')
let unpacked: Record<string, Uint8Array>

beforeAll(async () => {
  await writePackage(folder)
  unpacked = unzipSync(readFileSync(path))
})
afterAll(() => rmSync(folder, { recursive: true }))

const textOf = (name: string): string => strFromU8(unpacked[name] ?? new Uint8Array())
const scripts = (): string[] => Object.keys(unpacked).filter((name) => name.endsWith('.js'))

describe('the package', () => {
  it('is the same to the byte, wherever and by whomever it is made', async () => {
    const elsewhere = join(folder, 'another checkout')
    await copyCheckout(elsewhere)
    const umask = ['--import', 'data:text/javascript,process.umask(0o077)']
    const output = execFileSync(process.execPath, [...umask, join(elsewhere, 'dev/package.mjs')], {
      cwd: folder,
      env: { ...process.env, TZ: 'Pacific/Kiritimati' },
      encoding: 'utf8',
    })
    const made = readFileSync(join(elsewhere, 'build/patchtrail.zip'))
    expect(Object.keys(unzipSync(made))).toEqual(Object.keys(unpacked))
    expect(made.equals(readFileSync(path))).toBe(true)
    expect(readFileSync(join(elsewhere, 'build/patchtrail.cdx.json'), 'utf8')).toBe(readFileSync(billPath, 'utf8'))
    for (const text of Object.keys(unpacked).map(textOf)) {
      for (const place of [root, elsewhere]) expect(text).not.toContain(place)
    }
    expect(output).toMatch(/another checkout.build.patchtrail\.zip: 18 files, \d+\.\d KiB, SHA-256 [0-9a-f]{64}\n$/)
  })

  it('holds a bundle, its licences, host.json and package.json', () => {
    const names = Object.keys(unpacked)
    expect(names).toEqual(names.toSorted())
    expect(new Set(names.map((name) => name.replace(/chunk-[A-Z0-9]{8}/, 'chunk')))).toEqual(
      new Set([
        'LICENSE',
        'dist/THIRD-PARTY-NOTICES.txt',
        'dist/chunk.js',
        'dist/chunk.js.LEGAL.txt',
        'dist/main.js',
        'dist/main.js.LEGAL.txt',
        'host.json',
        'package.json',
      ]),
    )
    for (const name of ['LICENSE', 'host.json']) expect(textOf(name)).toBe(readFileSync(join(root, name), 'utf8'))
  })

  it('has a package.json that tells the worker what to load, and asks nobody to install or run anything', () => {
    const { name, description, license, type, main, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >
    expect(JSON.parse(textOf('package.json'))).toEqual({ name, version, description, license, type, main, engines })
    expect(unpacked).toHaveProperty([String(main)])
    // The program asks for its version, and what it is given is in the bundle.
    expect(/devDependencies|dev\/package\.mjs|vitest/.test(textOf('dist/main.js'))).toBe(false)
  })

  it('holds no script that main does not load, at once or when it needs it, and no legal text that no script names', async () => {
    const { outputs } = (await bundle()).metafile
    const reached = new Set<string>()
    const reach = (name: string): void => {
      if (reached.has(name)) return
      reached.add(name)
      for (const { path: next, external } of outputs[name]?.imports ?? []) if (!external) reach(next)
    }
    reach('dist/main.js')
    expect(scripts()).toEqual([...reached].sort())
    const named = scripts().flatMap((name) => /see (\S+\.LEGAL\.txt) \*\//.exec(textOf(name))?.[1] ?? [])
    expect(Object.keys(unpacked).filter((name) => name.endsWith('.LEGAL.txt'))).toEqual(named.map((name) => `dist/${name}`))
  })
})

describe('the bill of materials', () => {
  const component = z.object({
    name: z.string(),
    version: z.string(),
    purl: z.string().optional(),
    licenses: z.array(z.object({ license: z.object({ id: z.string() }) })).length(1),
    hashes: z.array(z.object({ alg: z.string(), content: z.string() })).length(1),
  })
  const readBill = () =>
    z.object({ metadata: z.object({ component }), components: z.array(component) }).parse(JSON.parse(readFileSync(billPath, 'utf8')))

  it('is of this package, and names just the packages whose licences are in it', () => {
    const { metadata, components } = readBill()
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
    expect(metadata.component).toMatchObject({ name: 'patchtrail', version, hashes: [{ alg: 'SHA-256', content: sha256 }] })
    const titles = [...textOf('dist/THIRD-PARTY-NOTICES.txt').matchAll(/^={80}\n(.+)$/gm)].map(([, title]) => title)
    expect(titles.length).toBeGreaterThan(30)
    expect(components.map(({ name, version: its, licenses: [one] }) => `${name} ${its} (${one?.license.id})`)).toEqual(titles)
    // The page's script holds code too, which the bundler of the app takes for a text.
    expect(titles).toContainEqual(expect.stringMatching(/^preact \d+\.\d+\.\d+ \(MIT\)$/))
    expect(components.find(({ name }) => name === '@azure/identity')?.purl).toMatch(/^pkg:npm\/%40azure\/identity@\d+\.\d+\.\d+$/)
  })

  it('has the hash by which each was installed', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, unknown> }
    for (const { name, version: its, hashes } of readBill().components) {
      const integrity = `sha512-${Buffer.from(hashes[0]?.content ?? '', 'hex').toString('base64')}`
      const same = Object.entries(packages).filter(([place]) => place.endsWith(`node_modules/${name}`))
      expect(same.map(([, one]) => one)).toContainEqual(expect.objectContaining({ version: its, integrity }))
    }
  })
})

describe('a zip', () => {
  it('is the same in every time zone, and in whatever order its files come', () => {
    const program = `
      import { zipOf } from ${JSON.stringify(new URL('../../dev/zip.mjs', import.meta.url).href)}
      const files = ['b', 'a/c', 'a/B'].map((name) => ({ name, contents: Buffer.from(name) }))
      const zips = Intl.supportedValuesOf('timeZone').map((zone) => {
        process.env.TZ = zone
        return Buffer.from(zipOf(files.reverse())).toString('hex')
      })
      console.log(JSON.stringify([zips.length > 400, new Set(zips).size]))`
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })
    expect(JSON.parse(output)).toEqual([true, 1])
  })
})

describe('the package, unpacked alone', () => {
  let azurite: Azurite
  let simulator: Simulator
  beforeAll(async () => {
    azurite = await startAzurite()
    simulator = await startSimulator({ seed: 18, machines: 6, now: () => REFERENCE, quota: 'none' })
  })
  afterAll(async () => {
    await simulator.close()
    await azurite.close()
  })

  /** Writes the package's files where no packages are to be found, those that are left out excepted. */
  function unpack(name: string, without: string[] = []): string {
    const place = join(folder, name)
    for (const [file, contents] of Object.entries(unpacked).filter(([file]) => !without.includes(file))) {
      mkdirSync(dirname(join(place, file)), { recursive: true })
      writeFileSync(join(place, file), contents)
    }
    for (let above = place; above !== dirname(above); above = dirname(above)) expect(existsSync(join(above, 'node_modules'))).toBe(false)
    return place
  }

  /** Starts it, asks for a snapshot, and ticks; what `GET /api/health` answered at first, and at last. Each place has tables of its own. */
  async function takeSnapshot(name: string, without: string[] = []): Promise<{ status: number; json: unknown }[]> {
    const app = await startPackage(unpack(name, without), {
      ...simulator.environment,
      DEFENDER_TENANT_ID: simulator.tenantId,
      DEFENDER_API_URL: simulator.url,
      STORAGE_CONNECTION_STRING: azurite.connectionString,
      TABLE_PREFIX: name,
      // The simulated machines have not reported since a time that is long ago.
      HEALTH_LEAST_ASSESSED: '0',
    })
    const health = async () => {
      const response = await fetch(`${app.url}/api/health`)
      return { status: response.status, json: await response.json() }
    }
    const before = await health()
    await app.tick()
    expect((await fetch(`${app.url}/api/sync`, { method: 'POST' })).status).toBe(202)
    for (let ticks = 0; ticks < 5; ticks++) await app.tick()
    return [before, await health()]
  }

  it('loads, tells its version, and takes a snapshot', async () => {
    expect(await takeSnapshot('whole')).toMatchObject([
      { status: 503, json: { status: 'starting', version, lastTickAt: null } },
      { status: 200, json: { status: 'ok', version } },
    ])
  })

  it('would not without one of its scripts', async () => {
    const linked = [...textOf('dist/main.js').matchAll(/from"\.\/(chunk-\w+\.js)"/g)].map(([, name]) => `dist/${name}`)
    expect(linked.length).toBeGreaterThan(0)
    await expect(takeSnapshot('linked', linked.slice(0, 1))).rejects.toThrow(/ERR_MODULE_NOT_FOUND/)
    const identity = scripts().filter((name) => textOf(name).includes('as DefaultAzureCredential'))
    expect(identity.length).toBe(1)
    const [, after] = await takeSnapshot('lazy', identity)
    expect(after).not.toMatchObject({ status: 200 })
  })
})
