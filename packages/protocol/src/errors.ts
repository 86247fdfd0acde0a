/** A peer's fault, under a code that is stable and knows how the connection ends. */
import { closeCodes, type CloseCode } from './close-codes.ts'

const closeCodeOf = {
  'frame-malformed': closeCodes.malformed,
  'frame-too-large': closeCodes.tooLarge,
  'text-frame': closeCodes.malformed,
  'message-unknown': closeCodes.malformed,
  /** A message that this side never sends, or not now. */
  'message-unexpected': closeCodes.malformed,
  'update-malformed': closeCodes.malformed,
  'update-too-large': closeCodes.tooLarge,
  /** The document has reached its size limit, and this client cannot be told otherwise. */
  'document-full': closeCodes.tooLarge,
  /** Likewise of all documents together. */
  'storage-full': closeCodes.tooLarge,
  'presence-malformed': closeCodes.malformed,
  'presence-too-large': closeCodes.malformed,
  'document-name-malformed': closeCodes.malformed,
  'token-invalid': closeCodes.unauthenticated,
  'token-expired': closeCodes.unauthenticated,
  /** The keys of the host application cannot be had, so nothing is known of its token: clients come back. */
  'keys-unavailable': closeCodes.tryAgainLater,
  /** A refresh that would make somebody else of who is here. */
  'user-changed': closeCodes.malformed,
  'write-not-allowed': closeCodes.forbidden,
  'document-unknown': closeCodes.unknownDocument,
  /** Likewise, of a server that may have lost it: whoever has a copy had better keep it. */
  'document-missing': closeCodes.unknownDocument,
  /** Stored bytes are not those that were written. The operator can mend that, so clients come back. */
  'document-damaged': closeCodes.serverError,
  'version-unsupported': closeCodes.version,
} as const satisfies Record<string, CloseCode>

export type ProtocolErrorCode = keyof typeof closeCodeOf

/** Ends the connection it came from and nothing else. `message` is for the log and never holds what the peer sent. */
export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode
  readonly closeCode: CloseCode

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ProtocolError'
    this.code = code
    this.closeCode = closeCodeOf[code]
  }
}
