import { HeatMap, MEASURES, type Measure } from '../charts/heat-map.tsx'
import { Select } from '../parts/select.tsx'
import { Shown } from '../parts/shown.tsx'
import { Title } from '../parts/title.tsx'
import { usePage } from '../state/page.ts'
import { useGroups } from '../state/use-groups.ts'

const GROUPINGS = { rbacGroup: 'Device group', osPlatform: 'Platform' } as const

/** Which groups stand worst, and since when. */
export function Groups() {
  const { address, choose } = usePage()
  const by = address.params.get('by') === 'osPlatform' ? 'osPlatform' : 'rbacGroup'
  const named = address.params.get('measure')
  const measure: Measure = named === 'pairs' || named === 'installed' ? named : 'over30'
  const answer = useGroups(by)
  return (
    <>
      <Title>Groups</Title>
      <div class="filters">
        <Select id="by" label="By" value={by} options={GROUPINGS} onChoose={(value) => choose({ by: value })} />
        <Select id="measure" label="Measure" value={measure} options={MEASURES} onChoose={(value) => choose({ measure: value })} />
      </div>
      <Shown answer={answer} height="tall">
        {(groups) => <HeatMap {...groups} measure={measure} by={by} />}
      </Shown>
    </>
  )
}
