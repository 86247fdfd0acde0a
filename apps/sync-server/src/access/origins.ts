/** Of which origins pages are let in: a page elsewhere could have the browser of whoever visits it ask for anything. */

export interface OriginRules {
  /** Those that the operator named, and then no others; undefined: the server's own. */
  readonly origins: readonly string[] | undefined
  readonly publicUrl: string | undefined
  readonly openRooms: boolean
}

/** `host`: what the request calls the server. A request without an origin is not from a page. */
export function isAllowedOrigin(
  origin: string,
  host: string | undefined,
  { origins, publicUrl, openRooms }: OriginRules,
): boolean {
  if (origins) return origins.includes(origin)
  const own = [`http://${host}`, `https://${host}`, publicUrl && new URL(publicUrl).origin]
  return own.includes(origin) || (openRooms && isNear(origin, host))
}

/** Where no key is asked for, what somebody develops on their machine, or on the server's, need not be named. */
function isNear(origin: string, host: string | undefined): boolean {
  const hostname = URL.parse(origin)?.hostname ?? ''
  const ours = URL.parse(`http://${host}`)?.hostname
  return hostname === ours || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}
