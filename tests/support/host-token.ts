/** Tokens as a host application makes them, with nothing but HMAC: a second opinion on the server's library. */
import { createHmac } from 'node:crypto'

export interface HostClaims {
  readonly doc: string
  readonly [claim: string]: unknown
}

/** Valid for a minute and for editing, unless the claims say otherwise; a claim that is undefined is left out. */
export function signHostToken(
  secret: Uint8Array,
  claims: HostClaims,
  header: object = { alg: 'HS256', typ: 'JWT' },
): string {
  const signed = unsigned(claims, header)
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

/** What is to be signed. */
export function unsigned(claims: HostClaims, header: object): string {
  const inAMinute = Math.floor(Date.now() / 1000) + 60
  const all = { sub: 'ada', name: 'Ada', role: 'edit', aud: 'quire', exp: inAMinute, ...claims }
  return [header, all].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
}
