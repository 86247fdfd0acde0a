/** Of which origins pages are let in: a page elsewhere could have the browser of whoever visits it ask for anything. */
import { isIP } from 'node:net'

export interface OriginRules {
  /** Those that the operator named, and then no others; undefined: the server's own. */
  readonly origins: readonly string[] | undefined
  readonly publicUrl: string | undefined
  readonly openRooms: boolean
}

/** `host`: what the request calls the server. A request without an origin is not from a page. */
export function isAllowedOrigin(origin: string, host: string | undefined, rules: OriginRules): boolean {
  const { origins, publicUrl, openRooms } = rules
  if (origins) return origins.includes(origin)
  if (origin === (publicUrl && new URL(publicUrl).origin)) return true
  if (isAllowedHost(host, rules) && [`http://${host}`, `https://${host}`].includes(origin)) return true
  return openRooms && isNear(origin, host, rules)
}

/**
 * Whether the server may be called so. Where no key is asked for, a page could come from a name of its own that its owner
 * has pointed here meanwhile (DNS rebinding), and would be of the server's own origin: there, a name has to be one that
 * nobody outside can have made, or one that the operator named.
 */
export function isAllowedHost(
  host: string | undefined,
  { origins = [], publicUrl, openRooms }: OriginRules,
): boolean {
  if (!openRooms) return true
  const name = nameIn(`http://${host}`)
  return isPrivate(name) || [...origins, ...(publicUrl ? [publicUrl] : [])].map(nameIn).includes(name)
}

/** Where no key is asked for, what somebody develops on their machine, or on the server's, need not be named. */
function isNear(origin: string, host: string | undefined, rules: OriginRules): boolean {
  const name = nameIn(origin)
  if (/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(name)) return true
  return isAllowedHost(host, rules) && name === nameIn(`http://${host}`)
}

/** An address, or a name that the internet's DNS does not give (RFC 6761, 6762, 8375, and what is set aside for networks at home). */
function isPrivate(name: string): boolean {
  return (
    isIP(name.replace(/^\[|\]$/g, '')) > 0 ||
    /^[^.]+$|\.(localhost|local|test|internal|lan|home|corp|home\.arpa)$/.test(name)
  )
}

function nameIn(url: string): string {
  return URL.parse(url)?.hostname ?? ''
}
