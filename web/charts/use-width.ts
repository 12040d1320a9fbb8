import { useEffect, useRef, useState } from 'preact/hooks'

/**
 * Width of a picture in its own units: that of its place, so that letters keep their size in a narrow one, and never more than `most`, from
 * where on it grows as a whole.
 */
export function useWidth(most: number) {
  const place = useRef<SVGSVGElement>(null)
  const [width, setWidth] = useState(most)
  useEffect(() => {
    if (!place.current) return
    const observer = new ResizeObserver(([entry]) => {
      const measured = Math.round(entry?.contentRect.width ?? most)
      if (measured > 0) setWidth(Math.min(most, measured))
    })
    observer.observe(place.current)
    return () => observer.disconnect()
  }, [most])
  return { place, width }
}
