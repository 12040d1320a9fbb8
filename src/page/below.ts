/**
 * What stands below a root in the path of an address, whatever the route prefix: `machines/7f` of `/api/page/data/machines/7f`, and undefined
 * where the root is not in it. The host finds a route in any letter case.
 */
export function below(root: string, pathname: string): string | undefined {
  const at = pathname.toLowerCase().indexOf(`/${root}/`)
  return at < 0 ? undefined : pathname.slice(at + root.length + 2)
}
