import type { GroupsAnswer } from '../data/figures.ts'
import { usePage } from './page.ts'
import { type Answer, useAnswer } from './use-answer.ts'

/** The groups, or platforms, that the newest snapshot counted. */
export function useGroups(by: 'rbacGroup' | 'osPlatform', months?: number): Answer<GroupsAnswer> {
  const { pathOf } = usePage()
  return useAnswer<'groups'>(pathOf('groups', { by, months: months === undefined ? undefined : String(months) }), ['groups', 'months'])
}
