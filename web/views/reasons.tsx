import type { Summary } from '../data/answers.ts'
import { numeral } from '../parts/figures.ts'

interface Props extends Summary {
  chosen: readonly string[]
  onChoose: (reasons: string[]) => void
}

/** Counts of every change by reason, each a switch of the rows below: installed stands apart from superseded. On paper as a line. */
export function Reasons({ totals, groups, chosen, onChoose }: Props) {
  const toggle = (reason: string) => onChoose(chosen.includes(reason) ? chosen.filter((one) => one !== reason) : [...chosen, reason])
  const counts = groups.map(({ key, appeared, resolved }) => ({ reason: key ?? '', count: numeral(appeared + resolved) }))
  return (
    <div class="reasons">
      <p>
        <strong>+{numeral(totals.appeared)}</strong> appeared, <strong>−{numeral(totals.resolved)}</strong> resolved: every change, by
        reason
      </p>
      <ul>
        {counts.map(({ reason, count }) => (
          <li key={reason}>
            <button type="button" aria-pressed={chosen.includes(reason)} class={reason} onClick={() => toggle(reason)}>
              {reason} {count}
            </button>
          </li>
        ))}
      </ul>
      <p class="on-paper">
        {counts.map(({ reason, count }) => `${reason} ${count}`).join(', ')}
        {chosen.length > 0 && `; below: ${chosen.join(', ')}`}
      </p>
    </div>
  )
}
