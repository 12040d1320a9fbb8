import { usePage } from '../state/page.ts'

/** The page after this one, by the cursor of the API's own link. It says that there is one on paper too, where nothing can be pressed. */
export function Next({ nextLink }: { nextLink: string | undefined }) {
  const { choose } = usePage()
  if (nextLink === undefined) return null
  const cursor = new URL(nextLink).searchParams.get('cursor') ?? undefined
  return (
    <p class="more">
      <button type="button" onClick={() => choose({ cursor })}>
        Next
      </button>{' '}
      There are more rows than these.
    </p>
  )
}
