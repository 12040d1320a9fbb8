export type FetchedFile = { ok: true; blob: Blob; name: string | undefined } | { ok: false; detail: string }

/** A file of the app's, as it comes. */
export async function fetchFile(path: string, key: string | undefined): Promise<FetchedFile> {
  const response = await fetch(`data/${path}`, { headers: key === undefined ? {} : { 'x-functions-key': key }, cache: 'no-store' }).catch(
    () => undefined,
  )
  if (!response) return { ok: false, detail: 'The app cannot be reached.' }
  if (!response.ok) return { ok: false, detail: await detailOf(response) }
  const blob = await response.blob().catch(() => undefined)
  if (!blob) return { ok: false, detail: 'The file broke off on its way.' }
  return { ok: true, blob, name: /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] }
}

async function detailOf(response: Response): Promise<string> {
  const json: unknown = await response.json().catch(() => undefined)
  return typeof json === 'object' && json !== null && 'detail' in json ? String(json.detail) : `The app answered ${response.status}.`
}
