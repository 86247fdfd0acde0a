/** One connection in a room, as the parts of a room that deal with it know it. */
import { encodeServerMessage } from '@quire/protocol'
import type { Cursor } from './cursor.ts'
import type { EarlyUpdates } from './early-updates.ts'
import { notices, type NoticeCode } from './notices.ts'
import type { Identity, Peer, Principal } from './peer.ts'
import type { Question } from './question.ts'
import type { Receipts } from './receipts.ts'

export interface Member {
  readonly peer: Peer
  readonly principal: Principal
  /** As this room has it: nobody else here wears the colour, if that can be. */
  readonly identity: Identity
  readonly cursor: Cursor
  readonly receipts: Receipts
  readonly early: EarlyUpdates
  readonly question: Question
  /** What its presence last called it; '' until it has. */
  shownName: string
  /** What it sent that there was no room for. */
  refused: Refused | undefined
}

/** Room that an update takes. */
export interface Need {
  readonly bytes: number
  /** Client ids that have not written before. */
  readonly newClients: number
}

/** What has to have room before it is asked for. */
export interface Refused extends Need {
  /** What was found to be full; it has been told so. */
  readonly full: ReadonlySet<'document' | 'storage'>
}

/** Stock clients know nothing of notices. */
export function tell({ peer }: Member, code: NoticeCode): void {
  if (peer.speaksQuire) peer.deliver(encodeServerMessage({ type: 'notice', code, text: notices[code] }))
}
