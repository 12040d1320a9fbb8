import { useEffect, useState } from 'preact/hooks'
import type { GroupsAnswer } from '../data/figures.ts'
import { usePage } from '../state/page.ts'
import type { Answer } from '../state/use-answer.ts'
import { Select } from './select.tsx'

interface Props {
  /** The parameter of the address, and what makes a group. */
  name: 'rbacGroup' | 'osPlatform'
  label: string
  all: string
  /** The groups that there are; until they are known, what the address names is the only one. */
  answer: Answer<GroupsAnswer>
}

/** More are not read through: one types a part of the name, and so many that have it are listed. */
const MOST_OPTIONS = 25
const NO_GROUP = 'no group'

/** One of the groups that the newest snapshot counted; machines without one are a group too. */
export function GroupChoice({ name, label, all, answer: { asked } }: Props) {
  const { address, choose } = usePage()
  const chosen = address.params.get(name) ?? undefined
  const known = asked?.kind === 'ok' ? keysOf(asked.json, name) : []
  // What the address names stays a choice, whether it was counted or not.
  const keys = chosen === undefined || known.includes(chosen) ? known : [chosen, ...known]
  const set = (value: string | undefined) => choose({ [name]: value, cursor: undefined })
  if (keys.length > MOST_OPTIONS) return <Typed {...{ name, label, all, chosen, keys, set }} />
  const options = Object.fromEntries([['', all], ...keys.map((key) => [`=${key}`, titleOf(key)] as const)])
  const choice = chosen === undefined ? '' : `=${chosen}`
  return (
    <Select id={name} label={label} value={choice} options={options} onChoose={(value) => set(value === '' ? undefined : value.slice(1))} />
  )
}

/** Keys as the API takes them: nothing is the group of machines without one. For those without a platform nobody can ask. */
function keysOf({ groups }: GroupsAnswer, name: Props['name']): string[] {
  const keys = [...new Set(groups.map(({ key }) => key ?? ''))].sort((a, b) => a.localeCompare(b))
  return name === 'osPlatform' ? keys.filter((key) => key !== '') : keys
}

const titleOf = (key: string) => (key === '' ? NO_GROUP : key)

interface TypedProps extends Omit<Props, 'answer'> {
  chosen: string | undefined
  keys: readonly string[]
  set: (value: string | undefined) => void
}

function Typed({ name, label, all, chosen, keys, set }: TypedProps) {
  const [typed, setTyped] = useState<string>()
  useEffect(() => setTyped(undefined), [chosen])
  const fitting = keys
    .filter((key) =>
      titleOf(key)
        .toLowerCase()
        .includes((typed ?? '').toLowerCase()),
    )
    .slice(0, MOST_OPTIONS)
  const keyOf = (text: string) => (text === NO_GROUP && !keys.includes(text) ? '' : text)
  return (
    <span class="filter">
      <label for={name}>{label}</label>
      <input
        id={name}
        type="text"
        list={`${name}-list`}
        placeholder={all}
        value={typed ?? (chosen === undefined ? '' : titleOf(chosen))}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onChange={({ currentTarget: { value } }) => set(value === '' ? undefined : keyOf(value))}
      />
      <datalist id={`${name}-list`}>
        {fitting.map((key) => (
          <option key={key} value={titleOf(key)} />
        ))}
      </datalist>
    </span>
  )
}
