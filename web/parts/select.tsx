interface Props<Value extends string> {
  id: string
  label: string
  value: Value
  options: Readonly<Record<Value, string>>
  onChoose: (value: string) => void
}

/** One of a few choices. */
export function Select<Value extends string>({ id, label, value, options, onChoose }: Props<Value>) {
  return (
    <span class="filter">
      <label for={id}>{label}</label>
      {/* A name among the options may turn the direction of what is beside it. */}
      <bdi>
        <select id={id} value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
          {Object.entries<string>(options).map(([key, title]) => (
            <option key={key} value={key}>
              {title}
            </option>
          ))}
        </select>
      </bdi>
    </span>
  )
}
