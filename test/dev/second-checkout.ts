import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from '../../dev/build.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/

/** Makes that folder hold what packaging takes of this checkout and its installed packages: other paths, other times, other rights. */
export async function copyCheckout(folder: string): Promise<void> {
  const { metafile } = await bundle()
  // What a plug-in makes up is no file.
  const inputs = Object.keys(metafile.inputs).filter((input) => existsSync(join(root, input)))
  for (const path of new Set(inputs.flatMap(readWith))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    copyFileSync(join(root, path), join(folder, path))
  }
  const files = ['LICENSE', 'host.json', 'package.json', 'package-lock.json', 'tsconfig.json']
  for (const path of [...files, 'dev', 'functions', 'src', 'web']) cpSync(join(root, path), join(folder, path), { recursive: true })
  for (const path of ['host.json', 'LICENSE']) chmodSync(join(folder, path), 0o755)
  // So that nothing is installed: what is linked or copied here is all that there has to be.
  copyFileSync(join(root, 'package-lock.json'), join(folder, 'node_modules/.package-lock.json'))
  // Tools are not read by the bundler, and may stay where they are.
  for (const path of ['esbuild', '@esbuild', 'fflate'])
    symlinkSync(join(root, 'node_modules', path), join(folder, 'node_modules', path), 'junction')
}

/** A file of the bundle, and what is read with it of its package: its source map, each package.json above it, licences. */
function readWith(input: string): string[] {
  const home = PACKAGE.exec(input)?.[0]
  if (home === undefined) return [input]
  const above: string[] = []
  for (let place = dirname(input); place.length > home.length; place = dirname(place)) above.push(`${place}/package.json`)
  const beside = readdirSync(join(root, home), { withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [`${home}/${entry.name}`] : [],
  )
  const [, map = basename(input)] = /^\/\/# sourceMappingURL=(?!data:)(\S+)/m.exec(readFileSync(join(root, input), 'utf8')) ?? []
  return [input, ...[join(dirname(input), map), ...above].filter((path) => existsSync(join(root, path))), ...beside]
}
