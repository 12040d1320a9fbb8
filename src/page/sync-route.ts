import type { HttpRequest } from '@azure/functions'
import type { Endpoint } from '../edge/endpoint.ts'
import { publicOrigin } from '../edge/public-origin.ts'
import { syncRoute } from '../http/routes/sync.ts'
import { SYNC_ROLE } from './access.ts'
import { problem, refusalOf, withPageHeaders } from './data-route.ts'
import { PAGE_ROOT } from './shell-route.ts'
import { accessBySignIn } from './sign-in.ts'

/** A header that no form can send. */
const OWN_HEADER = 'x-patchtrail'

/**
 * Asks for a snapshot, where people sign in: their cookie is sent by itself, so the request has to show that the page made it. Where they have keys,
 * the page asks the API itself, with the key that it was given.
 */
export const pageSyncRoute: Endpoint = {
  name: 'pageSync',
  method: 'POST',
  path: `${PAGE_ROOT}/data/sync`,
  authLevel: 'anonymous',
  serve: (openProgram, findConnection) => async (request, invocation) => {
    const access = accessBySignIn(openProgram(), request.headers)
    if (!access.ok) return withPageHeaders(request, refusalOf(access))
    if (!isOwn(request)) return withPageHeaders(request, problem('forbidden', 'This did not come from the page itself.'))
    if (!access.maySync)
      return withPageHeaders(
        request,
        problem('forbidden', `You may read, and not ask for a snapshot: that takes the app role ${SYNC_ROLE}.`),
      )
    return withPageHeaders(request, await syncRoute.serve(openProgram, findConnection)(request, invocation))
  },
}

/** https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site */
function isOwn({ url, headers }: HttpRequest): boolean {
  const isFromPage = headers.get('sec-fetch-site') === 'same-origin' && headers.get('origin') === publicOrigin(new URL(url), headers)
  return isFromPage && headers.get(OWN_HEADER) === 'page'
}
