import { usePage } from '../state/page.ts'

const DATES = [
  ['from', 'From'],
  ['to', 'To'],
] as const

const TEXTS = [
  ['rbacGroup', 'Group'],
  ['osPlatform', 'Platform'],
  ['q', 'Machine begins with'],
  ['kbId', 'KB'],
] as const

/** Stretches that people ask for, as the address holds them. */
const PRESETS = [
  ['since the snapshot before', {}],
  ['7 days', { from: '-7d' }],
  ['4 weeks', { from: '-4w' }],
] as const

/** What is chosen of the changes; each field is in the address. */
export function ChangesFilters() {
  const { address, choose } = usePage()
  const valueOf = (name: string) => address.params.get(name) ?? ''
  const set = (name: string, value: string) => choose({ [name]: value === '' ? undefined : value, cursor: undefined })
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      {PRESETS.map(([title, { from }]: readonly [string, { from?: string }]) => (
        <button key={title} type="button" onClick={() => choose({ from, to: undefined, cursor: undefined })}>
          {title}
        </button>
      ))}
      {DATES.map(([name, title]) => (
        <span class="filter" key={name}>
          <label for={name}>{title}</label>
          <input id={name} type="date" value={dateOf(valueOf(name))} onChange={({ currentTarget }) => set(name, currentTarget.value)} />
        </span>
      ))}
      {TEXTS.map(([name, title]) => (
        <span class="filter" key={name}>
          <label for={name}>{title}</label>
          <input id={name} type="text" value={valueOf(name)} onChange={({ currentTarget }) => set(name, currentTarget.value)} />
        </span>
      ))}
    </form>
  )
}

/** A date field shows dates only: the address may hold the id of a snapshot. */
const dateOf = (value: string) => /^\d{4}-\d{2}-\d{2}/.exec(value.replace(/^(\d{4})(\d{2})(\d{2})T/, '$1-$2-$3T'))?.[0] ?? ''
