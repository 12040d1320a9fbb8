import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { Limit } from '../../infra/hooks/az-process.mjs'
import { createAz } from '../../infra/hooks/az.mjs'
import { simulatedClock } from '../../dev/simulated-clock.ts'

/** What a tool says to one call: text or JSON on stdout; `fails` on stderr, with exit code 1; or nothing, at once or for ever. */
export type Answer = { says: unknown } | { fails: string } | { exits: number } | { hangs: true }
/** Answers to the calls whose arguments hold these words in this order, in turn; the last stays. The first rule that fits counts. */
export type Rule = [words: string | readonly string[], ...answers: Answer[]]
export interface Call {
  args: string[]
  /** What stood in the file of an argument `@file`. */
  file?: string
}

export const HOUR = 3_600_000
export const NOW = Date.parse('2026-11-27T10:00:00Z')
export const says = (value: unknown): Answer => ({ says: value })
export const fails = (text: string): Answer => ({ fails: `ERROR: ${text}` })
/** What is no answer, whatever was asked. */
export const unreadable: [what: string, Answer][] = [
  ['a warning before the JSON', says('WARNING: You have 2 updates available.\n{"value": []}')],
  ['an empty line', says('\n')],
  ['exit code 3 in silence', { exits: 3 }],
  ['none, for ever', { hangs: true }],
]

// The fakes are scripts that the system starts by their first line.
beforeEach(({ skip }) => {
  if (process.platform === 'win32') skip()
})

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** `az` and `sleep` as executables in a folder of their own, to stand first on the PATH: they write down how they were called. */
export class FakeTools {
  readonly folder = mkdtempSync(join(tmpdir(), 'fake-az-'))
  readonly env: Record<string, string>

  constructor(rules: readonly Rule[], env: Record<string, string> = {}) {
    folders.push(this.folder)
    this.env = { PATH: [this.folder, process.env.PATH ?? ''].join(delimiter), HOME: this.folder, TMPDIR: this.folder, ...env }
    for (const [number, [, ...answers]] of rules.entries()) {
      for (const [turn, answer] of answers.entries()) this.#keep(`${number}-${turn}`, answer)
    }
    this.#keep('sleep-0', says(''))
    for (const tool of ['az', 'sleep']) {
      const path = join(this.folder, tool)
      writeFileSync(path, script(this.folder, rules))
      chmodSync(path, 0o755)
    }
  }

  #keep(name: string, answer: Answer) {
    if ('fails' in answer) return writeFileSync(join(this.folder, `fails-${name}`), `${answer.fails}\n`)
    if ('exits' in answer) return writeFileSync(join(this.folder, `exits-${name}`), `${answer.exits}\n`)
    if ('hangs' in answer) return writeFileSync(join(this.folder, `hangs-${name}`), '')
    writeFileSync(join(this.folder, `says-${name}`), typeof answer.says === 'string' ? answer.says : JSON.stringify(answer.says))
  }

  /** Every call of a tool, in order; throws for one that no rule answered. */
  calls(tool = 'az'): Call[] {
    const unexpected = join(this.folder, 'unexpected')
    if (existsSync(unexpected)) throw new Error(`No rule for: ${readFileSync(unexpected, 'utf8')}`)
    const path = join(this.folder, 'calls')
    if (!existsSync(path)) return []
    const calls = readFileSync(path, 'utf8').split('\u001e').slice(0, -1)
    return calls.flatMap((call) => {
      const [said = '', file] = call.split('\u001d')
      const [name, ...args] = said.split('\u001f').slice(0, -1)
      return name === tool ? [{ args, ...(file === undefined ? {} : { file }) }] : []
    })
  }

  /** The calls of az whose arguments hold all these words. */
  callsWith(...words: string[]): Call[] {
    return this.calls().filter(({ args }) => words.every((word) => args.join(' ').includes(word)))
  }

  /** A limit that is over as soon as a tool hangs, whose second process then has an id. */
  readonly limit: Limit = (isOver) => {
    const look = setInterval(() => {
      if (this.hanging().length === this.#ended) return
      this.#ended++
      isOver()
    }, 5)
    return () => clearInterval(look)
  }
  #ended = 0

  /** The ids of the processes that tools started and which hang. */
  hanging(): number[] {
    const path = join(this.folder, 'hanging')
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1).map(Number) : []
  }

  /** Runs a program with these tools first on the PATH. */
  run(file: string, args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    return new Promise((resolve) => {
      const child = execFile(file, [...args], { env: this.env }, (error, out, err) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
      )
      child.stdin?.end()
    })
  }
}

/** A tool: writes down its arguments and what is in `@file`, then gives the next answer of the first rule that fits. */
function script(folder: string, rules: readonly Rule[]): string {
  const literal = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
  const cases = rules.map(
    ([words, ...answers], number) => `  *${[words].flat().map(literal).join('*')}*) rule=${number} last=${answers.length - 1} ;;`,
  )
  return `#!/bin/sh
cd ${literal(folder)} || exit 98
tool=\${0##*/}
{
  printf '%s\\037' "$tool" "$@"
  for arg in "$@"; do case $arg in @/*) printf '\\035'; cat "\${arg#@}" ;; esac; done
  printf '\\036'
} >>calls
case "$tool $*" in
  sleep*) rule=sleep last=0 ;;
${cases.join('\n')}
  *) echo "$tool $*" >>unexpected; echo "ERROR: no rule for: $tool $*" >&2; exit 99 ;;
esac
turn=0
[ -f "count-$rule" ] && read -r turn <"count-$rule"
echo $((turn + 1)) >"count-$rule"
[ "$turn" -gt "$last" ] && turn=$last
[ -f "fails-$rule-$turn" ] && { cat "fails-$rule-$turn" >&2; exit 1; }
[ -f "exits-$rule-$turn" ] && { read -r code <"exits-$rule-$turn"; exit "$code"; }
if [ -f "hangs-$rule-$turn" ]; then
  tail -f /dev/null &
  echo $! >>hanging
  wait
fi
cat "says-$rule-$turn"
`
}

/** A hook's world over fake tools: time is a simulated clock's, and what is said is kept. */
export function fakeWorld(rules: readonly Rule[], env: Record<string, string>) {
  const tools = new FakeTools(rules, env)
  const lines: string[] = []
  const clock = simulatedClock(NOW)
  const world = {
    env: tools.env,
    az: createAz(tools.env, process.platform, tools.limit),
    clock,
    say: (line: string) => void lines.push(line),
  }
  return { world, tools, said: () => lines.join('\n'), waitedSeconds: () => (clock.now() - NOW) / 1000 }
}
