import { usePage } from '../state/page.ts'
import type { View } from '../state/address.ts'
import { Link } from './link.tsx'
import { Search } from './search.tsx'

const SHOWN: readonly (readonly [View, string])[] = [
  ['overview', 'Overview'],
  ['changes', 'What changed'],
  ['cohorts', 'Patch Tuesdays'],
  ['groups', 'Groups'],
  ['snapshots', 'Snapshots'],
]

/** The same everywhere: whom this is about, where one is, where one can go, and what one looks for. */
export function Header() {
  const { address, hrefOf, whom } = usePage()
  return (
    <header class="top">
      <a class="skip" href="#main">
        Skip to the figures
      </a>
      <p class="name">
        <Link href={hrefOf('tenants')}>patchtrail</Link>
        {whom?.kind === 'one' && (
          <span class="tenant">
            {' · '}
            <bdi>{whom.name}</bdi>
          </span>
        )}
      </p>
      <nav aria-label="Views">
        <ul>
          {SHOWN.map(([view, title]) => (
            <li key={view}>
              <Link href={hrefOf(view)} current={address.view === view}>
                {title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Search />
    </header>
  )
}
