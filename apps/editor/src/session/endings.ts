/** What it means for a page that a server has closed its connection: the codes of docs/PROTOCOL.md, E1. */
import { closeCodes } from '@quire/protocol'
import type { Ending } from './session.ts'

export interface Close {
  readonly code: number
  readonly reason: string
}

/** `ws` and browsers close with this by themselves when a frame is larger than the other side reads at all. */
const messageTooBig = 1009

/** Whether trying again by itself would be in vain: y-websocket's rule, and the code of frames that would only be sent again. */
export function isPermanent(code: number): boolean {
  return (code >= 4400 && code < 4500) || code === messageTooBig
}

/** Why nothing more is tried after such a close. To a guest, a key that is not good is a link that opens nothing. */
export function endingOf(
  { code, reason }: Close,
  { isGuest, hasCopy }: { readonly isGuest: boolean; readonly hasCopy: boolean },
): Ending {
  switch (code) {
    case closeCodes.unauthenticated:
      if (isGuest) return 'gone'
      return reason === 'token-expired' ? 'access-ended' : 'access-refused'
    case closeCodes.unknownDocument:
      if (reason === 'document-missing' && hasCopy) return 'missing'
      return isGuest ? 'gone' : 'access-refused'
    case closeCodes.forbidden:
      return isGuest ? 'not-allowed' : 'access-refused'
    case closeCodes.tooLarge:
    case messageTooBig:
      return 'too-large'
    case closeCodes.version:
      return 'version'
    default:
      return 'unacceptable-update'
  }
}

/** Whether it was told that we may not open the document. A token that is no good tells of the application, not of us. */
export function isTakenAway({ code, reason }: Close, isGuest: boolean): boolean {
  if (code === closeCodes.forbidden) return !isGuest
  return code === closeCodes.unknownDocument && reason !== 'document-missing'
}
