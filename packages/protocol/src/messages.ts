/**
 * Everything the two sides can say to each other, as two unions. Types 0–3 are y-websocket's; type 64 is
 * Quire's own and is spoken only where the subprotocol `quire.1` was agreed. The frames are in `codec.ts`, the
 * rules in PROTOCOL.md.
 */
import type { Role } from './access.ts'
import type { User } from './people.ts'
import type { PresenceEntry } from './presence.ts'

/** What both sides say: Yjs sync and presence. */
export type SharedMessage =
  /** What I have (a Yjs state vector); answer with what I lack. */
  | { readonly type: 'sync-step-1'; readonly stateVector: Uint8Array }
  /** What you lack (a Yjs V1 update). */
  | { readonly type: 'sync-step-2'; readonly update: Uint8Array }
  /** An edit (a Yjs V1 update). */
  | { readonly type: 'update'; readonly update: Uint8Array }
  | { readonly type: 'presence'; readonly entries: readonly PresenceEntry[] }

export type ClientMessage =
  | SharedMessage
  /** Tell me who is here. */
  | { readonly type: 'query-presence' }
  /** The first message on `quire.1`. `guest`: a secret of this device, from which a guest's id is made. */
  | { readonly type: 'hello'; readonly version: number; readonly name: string; readonly guest: string }
  /** A newer token for the same document. */
  | { readonly type: 'refresh'; readonly token: string }

export type ServerMessage =
  | SharedMessage
  | { readonly type: 'permission-denied'; readonly reason: string }
  /** The answer to `hello`. */
  | {
      readonly type: 'welcome'
      readonly version: number
      readonly role: Role
      readonly user: User
      readonly maxFrameBytes: number
    }
  /** How many of the update frames (sync-step-2 and update) of this connection are durable, counted from its start. */
  | { readonly type: 'saved'; readonly frames: number }
  /** What you may do has changed, or your token was renewed. `expiresAt`: seconds since 1970, 0 if never. */
  | { readonly type: 'access'; readonly role: Role; readonly expiresAt: number }
  /** Something a person should know. `code` is stable, `text` is English for logs. */
  | { readonly type: 'notice'; readonly code: string; readonly text: string }
