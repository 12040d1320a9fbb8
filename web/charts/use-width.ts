import { useEffect, useRef, useState } from 'preact/hooks'

/** Between the edges of a sheet: a picture as wide as a screen would have letters on it that nobody reads. */
const PAPER = 700

/**
 * Width of a picture in its own units: that of its place, so that letters keep their size in a narrow one, and never more than `most`, from
 * where on it grows as a whole.
 */
export function useWidth(most: number) {
  const place = useRef<SVGSVGElement>(null)
  const [width, setWidth] = useState(most)
  useEffect(() => {
    const measure = (measured: number) => setWidth(measured > 0 ? Math.min(most, Math.round(measured)) : most)
    const again = () => measure(place.current?.getBoundingClientRect().width ?? 0)
    const onPaper = () => setWidth((before) => Math.min(before, PAPER))
    const observer = new ResizeObserver(([entry]) => measure(entry?.contentRect.width ?? 0))
    if (place.current) observer.observe(place.current)
    addEventListener('beforeprint', onPaper)
    addEventListener('afterprint', again)
    return () => {
      observer.disconnect()
      removeEventListener('beforeprint', onPaper)
      removeEventListener('afterprint', again)
    }
  }, [most])
  return { place, width }
}
