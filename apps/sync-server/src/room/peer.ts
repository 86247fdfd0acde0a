/** A client as a room sees it. The room never learns what kind of connection is behind it. */
import type { CloseCode, ProtocolError, Role } from '@quire/protocol'

export interface Peer {
  /** What this client may do now; it can change while the client is here. */
  readonly role: Role
  /** Has agreed on `quire.1`, so that it understands message 64 and counts its own edits. */
  readonly speaksQuire: boolean
  /** Bytes handed to `deliver` that have not left yet. */
  readonly backlogBytes: number
  /** Sends a frame; the same bytes may go to many peers and are not to be changed. */
  deliver(frame: Uint8Array): void
  /** Ends the connection; `Membership.leave` follows from the other side. */
  close(code: CloseCode, reason: string): void
  /** Ends it for something it sent earlier. (What it sends now is answered by a throw.) */
  expel(error: ProtocolError): void
}
