/** The lowest contrast of a kind, and what has it. */
export interface Lowest {
  ratio: number
  of: string
}

export interface DrawnContrasts {
  text: Lowest
  shapes: Lowest
}

/**
 * An expression for a browser: the lowest contrasts of what a page shows, as its styles came out. Text is that of pictures as well, whose ground
 * may be a shape; shapes are those of pictures and the frames of controls, each by its line or its fill, whichever stands out more.
 * https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */
export const DRAWN_CONTRASTS = `(() => {
  const SHAPES = 'rect, path, line, circle'
  const NONE = [0, 0, 0, 0]
  const read = (text) => {
    const numbers = (text.match(/-?[\\d.]+(e-?\\d+)?/g) ?? []).map(Number)
    if (/^color\\(srgb /.test(text)) return [...numbers.slice(0, 3).map((part) => part * 255), numbers[3] ?? 1]
    return /^rgb/.test(text) ? [...numbers.slice(0, 3), numbers[3] ?? 1] : NONE
  }
  const over = ([r, g, b, a], ground) => [r, g, b].map((part, index) => part * a + ground[index] * (1 - a))
  const luminance = (colour) => {
    const [r, g, b] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (colour, ground) => {
    const [darker, lighter] = [luminance(over(colour, ground)), luminance(ground)].sort((a, b) => a - b)
    return (lighter + 0.05) / (darker + 0.05)
  }
  const groundOf = (element) => {
    if (!element) return [255, 255, 255]
    const own = read(getComputedStyle(element).backgroundColor)
    return own[3] === 1 ? own.slice(0, 3) : over(own, groundOf(element.parentElement))
  }
  const isIn = (shape, { x, y }) => {
    const at = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse())
    return shape.isPointInFill(at)
  }
  const groundInPicture = (svg, text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect()
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2 }
    const under = [...svg.querySelectorAll('rect, path')].filter((shape) => !shape.closest('defs') && isIn(shape, middle))
    const fills = under.map((shape) => read(getComputedStyle(shape).fill)).filter(([, , , alpha]) => alpha > 0)
    return fills.reduce((ground, fill) => over(fill, ground), groundOf(svg))
  }
  const lowest = { text: { ratio: 21, of: '' }, shapes: { ratio: 21, of: '' } }
  const note = (kind, ratio, element) => {
    if (ratio < lowest[kind].ratio) lowest[kind] = { ratio, of: element.outerHTML.slice(0, 120) }
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const { currentNode: { textContent, parentElement: element } } = walker
    if (textContent.trim() === '' || !element.checkVisibility({ visibilityProperty: true })) continue
    // What cannot be used now may look so.
    if (element.closest('[aria-disabled="true"], :disabled')) continue
    const svg = element.closest('svg')
    const style = getComputedStyle(element)
    note('text', contrast(read(svg ? style.fill : style.color), svg ? groundInPicture(svg, element) : groundOf(element)), element)
  }
  for (const shape of document.querySelectorAll('svg :is(' + SHAPES + ')')) {
    const { fill, stroke } = getComputedStyle(shape)
    // Lines of a grid lead the eye and tell nothing; a pattern lies over a shape that has its own.
    if (shape.closest('defs, .grid') || /^url/.test(fill) || !shape.checkVisibility()) continue
    const ground = groundOf(shape.closest('svg'))
    note('shapes', Math.max(...[fill, stroke].map((colour) => contrast(read(colour), ground))), shape)
  }
  for (const control of document.querySelectorAll('input, select, button')) {
    if (control.checkVisibility()) note('shapes', contrast(read(getComputedStyle(control).borderTopColor), groundOf(control.parentElement)), control)
  }
  return lowest
})()`
