/** What an access token says of itself. It is signed for the server; here it is only read. */

export interface TokenClaims {
  /** Whose it is. */
  readonly subject: string
  /** In seconds since 1970, as is `issuedAt`; undefined where it says nothing of that. */
  readonly expiresAt: number | undefined
  readonly issuedAt: number | undefined
}

/** The subject is '' if there is none, or if the token cannot be read. */
export function claimsOf(token: string): TokenClaims {
  const { sub = '', exp, iat } = readPayload(token)
  return { subject: String(sub), expiresAt: numberOr(exp), issuedAt: numberOr(iat) }
}

function readPayload(token: string): {
  readonly sub?: unknown
  readonly exp?: unknown
  readonly iat?: unknown
} {
  try {
    const payload = token.split('.')[1] ?? ''
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    return typeof claims === 'object' && claims !== null ? claims : {}
  } catch {
    return {} // not base64, or not JSON
  }
}

function numberOr(claim: unknown): number | undefined {
  return typeof claim === 'number' ? claim : undefined
}
