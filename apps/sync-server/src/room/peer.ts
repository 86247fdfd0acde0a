/** A client as a room sees it. The room never learns what kind of connection is behind it. */
import type { CloseCode, ProtocolError, Role, User } from '@quire/protocol'

/** Who is behind a connection, as far as anyone can tell. */
export interface Principal {
  readonly id: string
  /** Nobody else has this id. Otherwise all who came with the same link share it. */
  readonly isPerson: boolean
}

/** How a client appears to the others. */
export type Identity =
  | {
      readonly type: 'known'
      readonly user: User
      /** Guests choose their name, and whoever has a token that tells of none. */
      readonly mayRename: boolean
    }
  /** A stock client with nothing but a link: what it says of itself is all there is. */
  | { readonly type: 'stranger' }

export interface Peer {
  /** What this client may do now; it can change while the client is here. */
  readonly role: Role
  readonly principal: Principal
  readonly identity: Identity
  /** Has agreed on `quire.1`, so that it understands message 64 and counts its own edits. */
  readonly speaksQuire: boolean
  /** What was handed to `deliver` and has not left yet: the memory it takes, in bytes. */
  readonly backlogBytes: number
  /** Sends a frame; the same bytes may go to many peers and are not to be changed. */
  deliver(frame: Uint8Array): void
  /** It is in the room now, and appears as this user; comes before anything is delivered, and not for strangers. */
  welcome(user: User): void
  /** Finds out soon whether anyone is still there, and closes the connection if not. */
  probe(): void
  /** Ends the connection; `Membership.leave` follows from the other side. */
  close(code: CloseCode, reason: string): void
  /** Ends it for something it sent earlier. (What it sends now is answered by a throw.) */
  expel(error: ProtocolError): void
}
