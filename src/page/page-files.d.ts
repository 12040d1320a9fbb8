declare module 'virtual:page-files' {
  /** The shell, whose path is empty, and what it needs; `gzip` is base64. Made by dev/page/build-page.mjs. */
  const files: readonly { path: string; type: string; etag: string; gzip: string }[]
  export default files
}
