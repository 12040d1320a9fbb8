import { useState } from 'preact/hooks'
import type { BarScale } from './bar-scale.ts'

interface Choice<Item> {
  /** Place of the bar that is looked at; the last one until another is. */
  at: number
  /** What it shows; undefined where there is no bar. */
  current: Item | undefined
  /** Of the picture: arrows move, the pointer points, and both choose. */
  handlers: {
    onKeyDown: (event: KeyboardEvent) => void
    onPointerMove: (event: PointerEvent & { currentTarget: Element }) => void
    onClick: (event: MouseEvent & { currentTarget: Element }) => void
  }
}

/** The bar of a picture that somebody looks at, one for each item, and what becomes of one that is chosen. */
export function useChoice<Item>(items: readonly Item[], { xOf, step, width }: BarScale, onChoose: (item: Item) => void): Choice<Item> {
  const count = items.length
  const [looked, setLooked] = useState<number>()
  const at = Math.min(looked ?? count - 1, count - 1)
  const under = ({ clientX, currentTarget }: MouseEvent & { currentTarget: Element }): number | undefined => {
    const { left, width: shown } = currentTarget.getBoundingClientRect()
    const index = Math.floor((((clientX - left) / shown) * width - xOf(0)) / step)
    return index >= 0 && index < count ? index : undefined
  }
  const choose = (index: number) => {
    const item = items[index]
    if (item !== undefined) onChoose(item)
  }
  return {
    at,
    current: items[at],
    handlers: {
      onKeyDown(event) {
        const next = nextOf(event.key, at, count)
        if (next !== undefined) setLooked(next)
        if (event.key === 'Enter') choose(at)
        if (next !== undefined) event.preventDefault()
      },
      onPointerMove(event) {
        const index = under(event)
        if (index !== undefined && index !== at) setLooked(index)
      },
      onClick(event) {
        const index = under(event)
        if (index !== undefined) choose(index)
      },
    },
  }
}

/** Where a key leads from a bar; undefined for keys that lead nowhere. */
function nextOf(key: string, at: number, count: number): number | undefined {
  const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1 }[key]
  return next === undefined ? undefined : Math.min(count - 1, Math.max(0, next))
}
