/** The bounds and rhythms of a room, each with its reason. */
export const roomLimits = {
  /** A browser paints 60 times a second; updates that come faster are joined. */
  writePulseMs: 16,
  /** Carets may move a little less often than text. */
  presencePulseMs: 32,
  /** Peers forget someone after 30 s without a sign of life, and clients give one every 15 s. */
  renewalPulseMs: 5000,
  /** More than this waiting in a socket, and the peer is sent nothing until it has drained. */
  maxBacklogBytes: 1024 * 1024,
  drainTimeoutMs: 30_000,
  /** Updates one peer may have waiting for what they build on. Beyond, its answer to our question brings them again. */
  maxEarlyUpdates: 10_000,
  maxEarlyBytes: 4 * 1024 * 1024,
  /** When the tail is long, joining and opening take longer than they need to. */
  compactWhileOpen: { entries: 2000, bytes: 1024 * 1024 },
  compactAtRest: { entries: 50, bytes: 16 * 1024 },
} as const
