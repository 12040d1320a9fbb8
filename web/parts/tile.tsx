import type { ComponentChildren } from 'preact'
import { Link } from './link.tsx'

interface Props {
  title: string
  figure: string
  /** The rows that the figure counts. */
  href: string
  children: ComponentChildren
  tone?: 'good' | 'bad' | undefined
}

/** One answer of the first screen: a figure that leads to its rows, and what it is of. */
export function Tile({ title, figure, href, children, tone }: Props) {
  return (
    <section class={tone ? `tile ${tone}` : 'tile'}>
      <h2>{title}</h2>
      <p class="figure">
        <Link href={href}>{figure}</Link>
      </p>
      <div class="of">{children}</div>
    </section>
  )
}
