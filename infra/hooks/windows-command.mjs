// @ts-check

/**
 * What cmd.exe would change inside double quotes, or what would end them: `%name%` is replaced, twice for a batch file, and a quote or a
 * line break begins something new. Nothing that is asked of az needs them, so they are refused instead of escaped.
 */
// eslint-disable-next-line no-control-regex
const UNSAFE = /["%\u0000-\u001f]/

/**
 * How Windows starts a batch file. Node starts none without a shell since 20.12 (CVE-2024-27980), and its `shell: true` quotes nothing.
 * @param {string} file full path of `az.cmd`
 * @param {readonly string[]} args
 * @returns {string[]} arguments of cmd.exe, to be passed verbatim
 *
 * `C:\Program Files\az.cmd`, `rest --url "/a?b=1&$filter=x eq 'y'"` becomes
 * `/d /v:off /s /c ""C:\Program Files\az.cmd" "rest" "--url" "/a?b=1&$filter=x eq 'y'""`
 */
export function windowsCommand(file, args) {
  const quoted = [file, ...args].map((text) => {
    if (UNSAFE.test(text) || text.endsWith('\\')) throw new Error(`This cannot be passed to az on Windows: ${JSON.stringify(text)}`)
    return `"${text}"`
  })
  return ['/d', '/v:off', '/s', '/c', `"${quoted.join(' ')}"`]
}
