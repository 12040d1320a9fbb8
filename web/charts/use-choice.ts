import { useState } from 'preact/hooks'
import type { BarScale } from './bar-scale.ts'

interface Choice {
  /** Place of the bar that is looked at; the last one until another is. */
  at: number
  /** Of the picture: arrows move, the pointer points, and both choose. */
  handlers: {
    onKeyDown: (event: KeyboardEvent) => void
    onPointerMove: (event: PointerEvent & { currentTarget: Element }) => void
    onClick: (event: MouseEvent & { currentTarget: Element }) => void
  }
}

/** The bar of a picture that somebody looks at, and what becomes of one that is chosen. */
export function useChoice(count: number, { xOf, step, width }: BarScale, onChoose: (index: number) => void): Choice {
  const [looked, setLooked] = useState<number>()
  const at = Math.min(looked ?? count - 1, count - 1)
  const under = ({ clientX, currentTarget }: MouseEvent & { currentTarget: Element }): number | undefined => {
    const { left, width: shown } = currentTarget.getBoundingClientRect()
    const index = Math.floor((((clientX - left) / shown) * width - xOf(0)) / step)
    return index >= 0 && index < count ? index : undefined
  }
  return {
    at,
    handlers: {
      onKeyDown(event) {
        const next = nextOf(event.key, at, count)
        if (next !== undefined) setLooked(next)
        if (event.key === 'Enter' && count > 0) onChoose(at)
        if (next !== undefined) event.preventDefault()
      },
      onPointerMove(event) {
        const index = under(event)
        if (index !== undefined && index !== at) setLooked(index)
      },
      onClick(event) {
        const index = under(event)
        if (index !== undefined) onChoose(index)
      },
    },
  }
}

/** Where a key leads from a bar; undefined for keys that lead nowhere. */
function nextOf(key: string, at: number, count: number): number | undefined {
  const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1 }[key]
  return next === undefined ? undefined : Math.min(count - 1, Math.max(0, next))
}
