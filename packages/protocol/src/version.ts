/**
 * The version of message 64 and of the rules in PROTOCOL.md.
 *
 * 1: hello, welcome, saved, refresh, access, notice.
 */
export const protocolVersion = 1

/** The subprotocol a Quire client offers first, and the server selects. */
export const subprotocol = 'quire.1'

/** The token travels as a second subprotocol with this prefix, since browsers can set no header on a socket. */
export const tokenSubprotocolPrefix = 'quire.token.'
