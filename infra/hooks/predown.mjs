// @ts-check
// Before `azd down`, which deletes the resource group with all that is in it, whoever made it: does the history go as well? Refuses then,
// until it is said in so many words. By hand: `azd hooks run predown`.
import { isMain } from '../../dev/is-main.mjs'
import { sameId } from './account.mjs'
import { PROVISION, runHook } from './hook.mjs'
import { isOn } from './values.mjs'

const SWITCH = 'PATCHTRAIL_DELETE_HISTORY'

/** @type {import('./hook.mjs').Hook} */
export async function predown({ env, say }) {
  const group = env.AZURE_RESOURCE_GROUP ?? ''
  const id = env.PATCHTRAIL_DATA_STORAGE_ID ?? ''
  const [, itsGroup, account] = /\/resourceGroups\/([^/]+)\/.*\/storageAccounts\/([^/]+)$/i.exec(id) ?? []
  if (itsGroup && group !== '' && !sameId(itsGroup, group)) {
    say(`The history stays: it is in the storage account ${account} of the resource group ${itsGroup}. ${group} is deleted.`)
    return 0
  }
  const what = itsGroup
    ? `the storage account ${account}, which keeps the history of all snapshots`
    : 'what keeps the history, as far as azd knows (its environment has no PATCHTRAIL_DATA_STORAGE_ID)'
  const sentence = `azd down deletes the resource group ${group || 'of this environment'} and all that is in it, with it ${what}. Nothing brings it back.`
  if (isOn(env[SWITCH])) {
    say(`${sentence} ${SWITCH} is true, so it goes on.`)
    return 0
  }
  say(`STOP  ${sentence}`)
  say(`      If that is what you want: azd env set ${SWITCH} true, then azd down. Copy what you want to keep before: docs/operate.md`)
  say(`      If only the app is to be made anew, delete it alone (az functionapp delete), then: ${PROVISION}; azd deploy`)
  return 1
}

if (isMain(import.meta.url)) await runHook(predown)
