/** Asks for a newer access token when half of the last one's life is over, and again until there is one. */

const retryMs = 5000
/** What a browser's timers count to. */
const maxTimerMs = 2 ** 31 - 1

export class TokenRenewal {
  readonly #ask: () => void
  readonly #nowSeconds: () => number
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(ask: () => void, nowSeconds: () => number = () => Date.now() / 1000) {
    this.#ask = ask
    this.#nowSeconds = nowSeconds
  }

  /** This token is in use from now on. */
  watch(token: string): void {
    this.stop()
    const lifeMs = lifeMsOf(token, this.#nowSeconds())
    if (lifeMs !== undefined) this.#wait(Math.max(0, lifeMs / 2))
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(
      () => {
        this.#wait(retryMs)
        this.#ask()
      },
      Math.min(ms, maxTimerMs),
    )
  }
}

/**
 * By the token's own clock where it says when it was issued, since this device's may be wrong. Undefined for what says
 * nothing of an end, such as the key of a link.
 */
function lifeMsOf(token: string, nowSeconds: number): number | undefined {
  const claims = claimsOf(token)
  const { exp, iat = nowSeconds } = claims
  return exp === undefined ? undefined : (exp - iat) * 1000
}

function claimsOf(token: string): { readonly exp?: number; readonly iat?: number } {
  try {
    const payload = token.split('.')[1] ?? ''
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    if (typeof claims !== 'object' || claims === null) return {}
    return {
      ...('exp' in claims && typeof claims.exp === 'number' && { exp: claims.exp }),
      ...('iat' in claims && typeof claims.iat === 'number' && { iat: claims.iat }),
    }
  } catch {
    return {} // not base64, or not JSON
  }
}
