import type { Allowance } from '../admission/budget.ts'

/** The bounds and rhythms of a room, each with its reason. */
export interface RoomLimits {
  readonly writePulseMs: number
  readonly crowdedWritePulseMs: number
  readonly pagePulseMs: number
  readonly crowdedPagePulseMs: number
  readonly presencePulseMs: number
  readonly crowdedPresencePulseMs: number
  readonly renewalPulseMs: number
  readonly maxBacklogBytes: number
  readonly drainTimeoutMs: number
  readonly maxPartBytes: number
  readonly maxLoopBytes: number
  readonly loopBytes: Allowance
  readonly answerPulseMs: number
  readonly answerKeptMs: number
  readonly maxOpenReceipts: number
  readonly maxEarlyUpdates: number
  readonly maxEarlyBytes: number
  readonly maxDeparted: number
  readonly earlyTimeoutMs: number
  readonly questionDelayMs: number
  readonly maxQuestionDelayMs: number
  readonly clientIdLeaseMs: number
  readonly maxDocumentBytes: number
  readonly maxTotalBytes: number
  readonly roomRetryMs: number
  readonly maxClients: number
  readonly compactWhileOpen: CompactionThreshold
  readonly compactAtRest: CompactionThreshold
  readonly slowStoreMs: number
  readonly recoveryDelayMs: number
  readonly maxRecoveryDelayMs: number
}

/** The tail has at least so many entries, or more bytes than this and than the base. */
export interface CompactionThreshold {
  readonly entries: number
  readonly bytes: number
}

export const roomLimits: RoomLimits = {
  /** Updates that come faster than a browser paints are joined. */
  writePulseMs: 16,
  /** What hundreds write is a third of the work for the disk and every socket then, and still safe and seen within a twentieth of a second. */
  crowdedWritePulseMs: 48,
  /** A browser paints 60 times a second. */
  pagePulseMs: 16,
  /** What a hundred people write at once nobody reads letter by letter, and it is a fifth of the work for every page. */
  crowdedPagePulseMs: 100,
  /** Carets may move a little less often than text. */
  presencePulseMs: 32,
  crowdedPresencePulseMs: 100,
  /** Peers forget someone after 30 s without a sign of life, and clients give one every 15 s. */
  renewalPulseMs: 5000,
  /** More memory than this waiting in a socket, and the peer is sent nothing until it has drained. A hundred that stopped reading are 25 MiB. Above what a stream of Node takes before it wants to drain (64 KiB), since that tells that it has. */
  maxBacklogBytes: 256 * 1024,
  drainTimeoutMs: 30_000,
  /** A large state goes out in parts of this size: a stock client leaves after 30 s without a whole message, so a link of 5 KB/s still opens it. */
  maxPartBytes: 128 * 1024,
  /** Up to this, an answer is made where sockets are served: some 10 ms. Above, in the workshop. */
  maxLoopBytes: 1024 * 1024,
  /** What all answers together may read there: a tenth of its time. Beyond that they are made in the workshop too. */
  loopBytes: { perSecond: 8 * 1024 * 1024, atOnce: 32 * 1024 * 1024 },
  /** Whoever has an answer and asks again at once waits so long for the next. */
  answerPulseMs: 250,
  /** Who comes within so long of another shares the frames that were made for them. */
  answerKeptMs: 3000,
  /** Frames of one peer of which nobody can say yet whether they are durable: fewer than somebody types in a day while the store fails. */
  maxOpenReceipts: 100_000,
  /** Updates one peer may have waiting for what they build on. Beyond, its answer to our question brings them again. */
  maxEarlyUpdates: 10_000,
  maxEarlyBytes: 4 * 1024 * 1024,
  /** How many of those who have left may have something waiting; all that is theirs counts as one peer's. */
  maxDeparted: 100,
  /** After this an early update is dropped, and its sender asked anew. */
  earlyTimeoutMs: 60_000,
  /** What an early update lacks is mostly on its way from someone else: the sender is asked only if it does not come. */
  questionDelayMs: 100,
  /** Answers that do not help make the next question wait twice as long, up to this. */
  maxQuestionDelayMs: 10_000,
  /** How long a client id stays its owner's after the connection has ended: a reload or a change of network takes seconds. */
  clientIdLeaseMs: 30_000,
  /** Stored bytes of one document: a thousand times a long text. Readers hold all of it in memory. */
  maxDocumentBytes: 64 * 1024 * 1024,
  /** Of all documents: as much as the disk has, unless the operator says otherwise. */
  maxTotalBytes: Infinity,
  /** Room for all is made elsewhere; whoever waits for it is asked this soon after. To look costs a comparison. */
  roomRetryMs: 1000,
  /** Client ids that ever wrote in one document: each page that writes has its own, and each is in every state vector. */
  maxClients: 100_000,
  /** When the tail is long, joining and opening take longer than they need to. */
  compactWhileOpen: { entries: 2000, bytes: 1024 * 1024 },
  compactAtRest: { entries: 50, bytes: 16 * 1024 },
  /** Whoever waits longer than this for their words to be safe is told that they are not; our pages doubt everything after 45 s. */
  slowStoreMs: 10_000,
  /** A store that failed is tried again after this, then after twice as long each time, up to the second. */
  recoveryDelayMs: 1000,
  maxRecoveryDelayMs: 30_000,
}
