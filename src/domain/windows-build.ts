/** Of Windows: 6.0 is Vista's time, 10.0 all since Windows 10. What is fixed in other programs has versions of its own. */
const WINDOWS_BUILD = /^(?:6\.[0-3]|10\.0)\.\d{4,5}\.\d{1,6}$/

/** A build of Windows, `10.0.26100.7462`; null for any other text. */
export function windowsBuild(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? ''
  return WINDOWS_BUILD.test(trimmed) ? trimmed : null
}

/** Order of builds, part by part as numbers: `10.0.26100.994` is before `10.0.26100.7462`. */
export function compareBuilds(one: string, other: string): number {
  const [ours, theirs] = [one, other].map((build) => build.split('.').map(Number))
  for (const [index, part] of (ours ?? []).entries()) {
    const difference = part - (theirs?.[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** What the updates of one version of Windows have in common: `10.0.26100.7462` -> `10.0.26100`. */
export const versionOfBuild = (build: string): string => build.slice(0, build.lastIndexOf('.'))
