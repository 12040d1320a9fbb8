interface Props {
  id: string
  label: string
  value: string
  onChoose: (value: string) => void
}

/** A text that is chosen when one leaves it, not letter by letter. */
export function TextField({ id, label, value, onChoose }: Props) {
  return (
    <span class="filter">
      <label for={id}>{label}</label>
      <input id={id} type="text" value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)} />
    </span>
  )
}
