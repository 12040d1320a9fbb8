/** The views of the page, in the order of its header, and those that figures and names lead to. */
export const VIEWS = ['overview', 'changes', 'cohorts', 'groups', 'snapshots', 'tenants', 'machine', 'kb', 'machines', 'kbs'] as const
export type View = (typeof VIEWS)[number]

/** Where the page stands: everything that is chosen, and nothing that is secret. */
export interface Address {
  view: View
  /** In the order in which they are written; the same name may come several times. */
  params: URLSearchParams
}

/** A change of parameters: a text or several set one, undefined takes it away. */
export type Patch = Readonly<Record<string, string | readonly string[] | undefined>>

/** The address of a query; a view that there is not is the overview. */
export function readAddress(search: string): Address {
  const params = new URLSearchParams(search)
  const named = params.get('view')
  params.delete('view')
  // A key that somebody put there would be kept by histories and logs.
  params.delete('code')
  return { view: VIEWS.find((view) => view === named) ?? 'overview', params }
}

/** What an address is about: while it is the same, what is chosen changes in place, and the focus stays where it is. */
export function subjectOf({ view, params }: Address): string {
  return JSON.stringify([
    view,
    ...['tenantId', 'machineId', 'kbId', 'month'].map((name) => (view === 'changes' && name === 'kbId' ? null : params.get(name))),
  ])
}

/** The query of an address, with its question mark. */
export function writeAddress({ view, params }: Address): string {
  return `?${new URLSearchParams([['view', view], ...params]).toString()}`
}

/** An address with some parameters changed. */
export function withParams({ view, params }: Address, patch: Patch): Address {
  const changed = new URLSearchParams(params)
  for (const [name, value] of Object.entries(patch)) {
    changed.delete(name)
    if (value !== undefined) for (const one of typeof value === 'string' ? [value] : value) changed.append(name, one)
  }
  return { view, params: changed }
}

/** Another view about the same tenant: nothing else that was chosen goes along. */
export function toView({ params }: Address, view: View, patch: Patch = {}): Address {
  const tenantId = params.get('tenantId') ?? undefined
  return withParams({ view, params: new URLSearchParams() }, { ...(view !== 'tenants' && { tenantId }), ...patch })
}
