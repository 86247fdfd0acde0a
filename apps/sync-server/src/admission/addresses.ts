/** Where a request comes from: the address of whoever is at the other end, or what a proxy that is trusted says of them. */
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** A network such as `10.0.0.0/8`, or a single address. */
export interface Network {
  readonly address: string
  readonly prefix: number
  readonly family: 'ipv4' | 'ipv6'
}

const lengths = { ipv4: 32, ipv6: 128 } as const

/** Undefined if that is no network in CIDR notation (RFC 4632, 4291), and no address. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', length, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return undefined
  const family = version === 4 ? 'ipv4' : 'ipv6'
  if (length === undefined) return { address, prefix: lengths[family], family }
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : Infinity
  return prefix <= lengths[family] ? { address, prefix, family } : undefined
}

export class Addresses {
  readonly #trusted = new BlockList()

  /** `trusted`: the proxies whose `X-Forwarded-For` counts. */
  constructor(trusted: readonly Network[]) {
    for (const { address, prefix, family } of trusted) this.#trusted.addSubnet(address, prefix, family)
  }

  /**
   * Under which to count what somebody does: an IPv4 address, or the /64 network of an IPv6 one, since whoever has one
   * address of it has all. Each proxy adds to `X-Forwarded-For` whom it heard, so that the list is read from its end, and
   * only as far as those who say it are trusted.
   */
  of(request: IncomingMessage): string {
    const said = String(request.headers['x-forwarded-for'] ?? '').split(',')
    let address = plain(request.socket.remoteAddress ?? '')
    while (this.#isTrusted(address)) {
      const before = plain(said.pop()?.trim() ?? '')
      if (isIP(before) === 0) break
      address = before
    }
    return isIP(address) === 6 ? networkOf(address) : address
  }

  /** The same of whoever is at the other end; undefined for a proxy that is trusted, which has connections for many. */
  ofPeer(remoteAddress: string): string | undefined {
    const address = plain(remoteAddress)
    if (this.#isTrusted(address)) return undefined
    return isIP(address) === 6 ? networkOf(address) : address
  }

  #isTrusted(address: string): boolean {
    const version = isIP(address)
    return version !== 0 && this.#trusted.check(address, version === 4 ? 'ipv4' : 'ipv6')
  }
}

/** Without a port, brackets or a zone; an IPv4 address that is written as an IPv6 one becomes itself again. */
function plain(address: string): string {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address
  return bare.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '')
}

/** The upper half. */
function networkOf(address: string): string {
  const [head = '', tail] = address.split('::')
  const left = groupsOf(head)
  const right = groupsOf(tail ?? '')
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

/** A dotted end stands for two groups, of the lower half in any case. */
function groupsOf(part: string): string[] {
  return part === '' ? [] : part.replace(/[\d.]+\.[\d.]+$/, '0:0').split(':')
}
