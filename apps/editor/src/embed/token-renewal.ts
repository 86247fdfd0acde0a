/** Asks for an access token where there is none, and when half of the last one's life is over, and again until there is one. */
import { claimsOf } from '../controllers/token-claims.ts'

const retryMs = 5000
/** What a browser's timers count to. */
const maxTimerMs = 2 ** 31 - 1

export class TokenRenewal {
  readonly #ask: () => void
  readonly #nowSeconds: () => number
  #timer: ReturnType<typeof setTimeout> | undefined
  /** The one that was watched last, and since when: an element that is moved in its page has it no longer for that. */
  #watched: { readonly token: string; readonly sinceSeconds: number } | undefined

  constructor(ask: () => void, nowSeconds: () => number = () => Date.now() / 1000) {
    this.#ask = ask
    this.#nowSeconds = nowSeconds
  }

  /** This token is in use from now on. */
  watch(token: string): void {
    this.stop()
    const nowSeconds = this.#nowSeconds()
    if (this.#watched?.token !== token) this.#watched = { token, sinceSeconds: nowSeconds }
    const { sinceSeconds } = this.#watched
    const lifeMs = lifeMsOf(token, sinceSeconds)
    if (lifeMs !== undefined) this.#wait(Math.max(0, lifeMs / 2 - (nowSeconds - sinceSeconds) * 1000))
  }

  /** There is none yet: asks as soon as whoever says so is done. */
  begin(): void {
    this.stop()
    this.#wait(0)
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
  const { expiresAt, issuedAt = nowSeconds } = claimsOf(token)
  return expiresAt === undefined ? undefined : (expiresAt - issuedAt) * 1000
}
