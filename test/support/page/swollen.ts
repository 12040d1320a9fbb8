/** Lists of the API, and what tells their rows apart. */
const LISTS: Record<string, { id: string; most: number }> = {
  changes: { id: 'machineId', most: 200 },
  machines: { id: 'machineId', most: 200 },
  intervals: { id: 'kbId', most: 1_700 },
  gaps: { id: 'from', most: 60 },
  snapshots: { id: 'snapshotId', most: 100 },
  tenants: { id: 'tenantId', most: 1_000 },
  groups: { id: 'key', most: 50 },
}

/** An answer of the app with as many rows as a fleet of 100,000 would fill it with, each like its first. */
export function swollen(url: URL, answer: Record<string, unknown>): Record<string, unknown> {
  const grown = Object.entries(answer).map(([name, value]) => {
    const list = LISTS[name]
    if (!list || !Array.isArray(value) || value.length === 0 || url.pathname.endsWith('/summary')) return [name, value]
    const most = Math.min(list.most, Number(url.searchParams.get('limit') ?? list.most))
    return [
      name,
      Array.from({ length: most }, (_, index) => ({
        ...(value[0] as object),
        [list.id]: idOf(value[0] as Record<string, unknown>, list.id, index),
      })),
    ]
  })
  return { ...answer, ...(Object.fromEntries(grown) as Record<string, unknown>), ...trendOf(answer) }
}

/** The overview's trend has at most 90 points. */
function trendOf({ trend }: Record<string, unknown>) {
  if (typeof trend !== 'object' || trend === null) return {}
  const { points } = trend as { points: Record<string, unknown>[] }
  return { trend: { ...trend, points: Array.from({ length: 90 }, (_, index) => ({ ...points[0], snapshotId: String(index) })) } }
}

/** Of snapshots and times the form stays. */
function idOf(row: Record<string, unknown>, id: string, index: number): string {
  if (id === 'from') return new Date(Date.parse('2025-01-01T00:00:00Z') + index * 86_400_000).toISOString()
  return id === 'snapshotId' || id === 'key' ? `${String(row[id])}${index}` : String(index).padStart(id === 'kbId' ? 7 : 40, '0')
}
