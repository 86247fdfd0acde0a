/**
 * The public keys of a host application, from its JWKS: fetched when a token first needs one, kept, and fetched again
 * when a token names a key that we do not have. Whatever tokens come, and whatever the host answers, it is asked seldom.
 */
import { ProtocolError } from '@quire/protocol'
import type { JWTVerifyGetKey } from 'jose'
import * as errors from 'jose/errors'
import { createRemoteJWKSet, customFetch } from 'jose/jwks/remote'

/** A key that the host takes out of its set is believed for this long at most. */
const cacheMs = 10 * 60 * 1000
/** Between two requests: nothing to the host, and short for someone who waits for a key that has just been added. */
const pauseMs = 5000
/** Well within the time a client is given to be let in. */
const usualTimeoutMs = 5000

export interface HostKeysOptions {
  readonly url: string
  /** Milliseconds, from any beginning. */
  readonly now: () => number
  readonly timeoutMs?: number
}

/** Finds the key of a token. Throws `keys-unavailable` if the host does not answer with keys; else it is the token's fault. */
export function hostKeys({ url, now, timeoutMs = usualTimeoutMs }: HostKeysOptions): JWTVerifyGetKey {
  let lastAskedMs = -Infinity
  const keys = createRemoteJWKSet(new URL(url), {
    timeoutDuration: timeoutMs,
    cooldownDuration: pauseMs,
    cacheMaxAge: cacheMs,
    // The library pauses after an answer only: a host that gives none would be asked with every token.
    [customFetch]: async (address, request) => {
      if (now() - lastAskedMs < pauseMs) throw new Error('asked a moment ago, in vain')
      lastAskedMs = now()
      return fetch(address, request)
    },
  })
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (cause) {
      if (isTokensFault(cause)) throw cause
      const message = `the keys of the host application cannot be had: ${reasonOf(cause)}`
      throw new ProtocolError('keys-unavailable', message, { cause })
    }
  }
}

/** How many there are at `url` now. Throws an Error that says in its message why they cannot be had. */
export async function countHostKeys(url: string): Promise<number> {
  const keys = createRemoteJWKSet(new URL(url), { timeoutDuration: usualTimeoutMs })
  try {
    await keys.reload()
  } catch (cause) {
    throw new Error(reasonOf(cause), { cause })
  }
  return keys.jwks()?.keys.length ?? 0
}

function isTokensFault(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys
}

/** `fetch` says why it failed in the cause of what it throws. */
function reasonOf(error: unknown): string {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return reason instanceof Error ? reason.message : String(reason)
}
