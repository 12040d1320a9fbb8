import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { overviewFigures } from '../../../dev/oracle/figures/overview.ts'
import { instantOf, sum } from '../../../dev/oracle/words.ts'
import { inPage } from './browser.ts'
import type { ServedFleet } from './served-fleet.ts'

/** Proves that the overview answers its five questions as the simulated world knows them, and in what is to be seen without scrolling. */
export async function expectFiveAnswers(page: Page, fleet: ServedFleet, { hoursAgo }: { hoursAgo: number }): Promise<void> {
  expect(await inPage<number>(page, 'scrollY')).toBe(0)
  const seen = await inPage<string>(page, FIRST_SCREEN)
  for (const [question, words] of Object.entries(answersOf(fleet, hoursAgo)))
    for (const word of words) expect(` ${seen} `, question).toMatch(new RegExp(`(?<![\\d,.+−-])${escaped(word)}(?![\\d,.]*\\d)`))
}

/** Text of which every line is within the window and covered by nothing; blocks apart. */
const FIRST_SCREEN = `(() => {
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
  const blockOf = (element) => (getComputedStyle(element).display.startsWith('inline') ? blockOf(element.parentElement) : element)
  const isSeen = ({ left, right, top, bottom }, element) => {
    const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && at !== null && (element.contains(at) || at.contains(element))
  }
  let seen = ''
  let last
  while (walker.nextNode()) {
    const { currentNode } = walker
    const range = document.createRange()
    range.selectNodeContents(currentNode)
    const lines = [...range.getClientRects()]
    if (lines.length === 0 || !lines.every((line) => isSeen(line, currentNode.parentElement))) continue
    const block = blockOf(currentNode.parentElement)
    seen += (block === last ? '' : ' ') + currentNode.textContent
    last = block
  }
  return seen.replace(/\\s+/g, ' ')
})()`

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const numeral = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ',')
const signed = (count: number) => (count === 0 ? '±0' : `${count > 0 ? '+' : '−'}${numeral(Math.abs(count))}`)
const percent = (part: number, all: number) => `${String(Math.floor((1000 * part) / all) / 10)} %`

/** What each answer must say. */
function answersOf({ ledger, points }: ServedFleet, hoursAgo: number): Record<string, string[]> {
  const { totals, flows, comparedWith, delta, timeToPatch, worstKbs, oldestMachines, unknown } = overviewFigures(ledger, points)
  const now = points.at(-1)?.fleet
  const [kb, machine] = [worstKbs[0], oldestMachines[0]]
  const { p50, p90, n, stillMissing } = timeToPatch
  if (!now || !totals || !flows || !comparedWith || !delta || !kb || !machine || p50 === null || p90 === null)
    throw new Error('This fleet leaves a question without an answer.')
  const [appeared, resolved] = [flows.appeared, flows.resolved].map((counts) => sum(Object.values(counts))) as [number, number]
  const { installed, superseded } = flows.resolved
  const before = comparedWith.startedAt.slice(0, 10)
  return {
    'Can I trust this?': [
      instantOf(now.look.at).slice(0, 16).replace('T', ' '),
      `${hoursAgo} h ago`,
      now.unknown === 0 ? 'completed' : 'incomplete',
      percent(now.observed, now.asked),
      `${numeral(now.observed)} of ${numeral(now.asked)}`,
      `${numeral(unknown.count)} unknown`,
      `${percent(now.observed - now.silent, now.asked)} assessed`,
    ],
    'Is it getting better?': [
      numeral(totals.pairs),
      `${signed(delta.pairs)} since ${before}`,
      `${numeral(sum(now.pairs.slice(2)))} over 30 days`,
      `${numeral(totals.atLeast)} “at least”`,
      `${numeral(totals.machines)} machines`,
      `${numeral(totals.kbs)} KBs`,
      ...['0–7 d', '8–30 d', '31–60 d', '61–90 d', 'over 90 d'].map((age, index) => `${numeral(now.pairs[index] ?? 0)} of ${age}`),
    ],
    'What changed, and why?': [
      `Since ${before}`,
      `+${numeral(appeared)}`,
      `−${numeral(resolved)}`,
      `${numeral(installed)} installed`,
      `${numeral(superseded)} superseded`,
      `${numeral(resolved - installed - superseded)} otherwise`,
    ],
    'What do I fix first?': [
      `KB${kb.kbId}`,
      `${numeral(kb.machinesMissing)} machines`,
      machine.computerDnsName ?? `(no name) ${machine.machineId.slice(0, 8)}`,
      `${machine.exposedAtLeast === true ? 'at least ' : ''}${numeral(machine.daysExposed ?? 0)} d`,
      ...worstGroupOf(points.at(-1)),
    ],
    'Are we fast enough?': [
      `${numeral(p50)} d`,
      `nine tenths within ${numeral(p90)} d`,
      '±7 d',
      `${numeral(n)} installed`,
      `${numeral(stillMissing.n)} still missing`,
    ],
  }
}

/** By pairs over 30 days a machine; of several the one with most pairs. */
function worstGroupOf(point: ServedFleet['points'][number] | undefined): string[] {
  const groups = [...(point?.groups.rbacGroup ?? [])].map(([key, { pairs, asked }]) => ({
    key: key ?? 'no group',
    pairs: sum(pairs),
    aMachine: asked === 0 ? 0 : sum(pairs.slice(2)) / asked,
  }))
  const [worst] = groups.toSorted((a, b) => b.aMachine - a.aMachine || b.pairs - a.pairs)
  return worst && worst.aMachine > 0 ? [`${worst.key}, ${worst.aMachine.toFixed(1)} over 30 days a machine`] : []
}
