/**
 * The version of message 64 and of the rules in PROTOCOL.md.
 *
 * 1: hello, welcome, saved, refresh, access, notice.
 * 2: notices are sent: a store that fails and a document that is full end no connection. Client ids belong to their
 *    connection. Large answers come in parts.
 */
export const protocolVersion = 2

/** Whoever speaks this one is served as well: it may leave out notices, and need do nothing new. */
export const oldestVersion = 1

/** The subprotocol a Quire client offers first, and the server selects. */
export const subprotocol = 'quire.1'

/** The token travels as a second subprotocol with this prefix, since browsers can set no header on a socket. */
export const tokenSubprotocolPrefix = 'quire.token.'
