// @ts-check
import { siteOption } from './functions.mjs'

/**
 * What a person does next, in bash and in PowerShell.
 * @param {import('./az.mjs').Env} env
 * @returns {string[]}
 */
export function nextSteps(env) {
  const isMany = Boolean(env.DEFENDER_CLIENT_ID)
  const site = siteOption(env)
  const key = `az functionapp keys list ${site} --query ${isMany ? 'masterKey' : 'functionKeys.default'} --output tsv`
  const url = `https://${env.PATCHTRAIL_HOST}/api/${isMany ? 'tenants/$CUSTOMER' : 'sync'}`
  const method = isMany ? 'PUT' : 'POST'
  const body = isMany ? ` -H "content-type: application/json" -d '{ "name": "Contoso" }'` : ''
  const psBody = isMany ? ` -ContentType application/json -Body '{ "name": "Contoso" }'` : ''
  return [
    `The app: https://${env.PATCHTRAIL_HOST}`,
    isMany
      ? 'Next: add a tenant, with its id as CUSTOMER and the master key; then send its consentUrl to its administrator (docs/tenants.md).'
      : 'Next: take the first snapshot, once the app may read Defender. It needs a key:',
    `  bash:        KEY=$(${key})`,
    `               curl -sS -X ${method} -H "x-functions-key: $KEY"${body} "${url}"`,
    `  PowerShell:  $KEY = ${key}`,
    `               Invoke-RestMethod -Method ${method} -Headers @{ 'x-functions-key' = $KEY }${psBody} "${url}"`,
    'Then see docs/operate.md for what to watch.',
  ]
}
