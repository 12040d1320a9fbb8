import type { ComponentChildren } from 'preact'
import { readAddress } from '../state/address.ts'
import { usePage } from '../state/page.ts'

interface Props {
  href: string
  children: ComponentChildren
  current?: boolean
  class?: string
}

/** A link within the page: an address that can be copied or opened in another tab, and no load where it is only followed. */
export function Link({ href, children, current = false, class: name }: Props) {
  const { go } = usePage()
  return (
    <a
      href={href}
      class={name}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        go(readAddress(href))
      }}
    >
      {children}
    </a>
  )
}
