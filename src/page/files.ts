/** A file of the page, compressed when the app was built. */
export interface PageFile {
  type: string
  etag: string
  gzip: Uint8Array
}

/**
 * A file of the page by its path below the page's root, empty for the shell. The files are a chunk of their own, so that a timer's cold start
 * does not read them.
 */
export async function findPageFile(path: string): Promise<PageFile | undefined> {
  const { default: files } = await import('virtual:page-files')
  const file = files.find((candidate) => candidate.path === path)
  return file && { type: file.type, etag: file.etag, gzip: Buffer.from(file.gzip, 'base64') }
}
