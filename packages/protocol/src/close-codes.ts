/**
 * WebSocket close codes Quire uses. y-websocket 3.1 stops for good on 4400–4499 and retries everything else,
 * so a code below says as much about what the client should do as about what went wrong.
 */
export const closeCodes = {
  /** What the client sent cannot be read. */
  malformed: 4400,
  /** No token, a wrong one, or one that has expired. */
  unauthenticated: 4401,
  /** The token is good, but does not allow this. */
  forbidden: 4403,
  unknownDocument: 4404,
  tooLarge: 4413,
  /** Client and server share no protocol version. */
  version: 4426,
  /** The server failed; the client may try again. */
  serverError: 1011,
  /** The server is being restarted. */
  restart: 1012,
  /** Come back later: too slow, too much, or draining. */
  tryAgainLater: 1013,
} as const

export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes]
