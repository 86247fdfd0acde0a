/** Time, handed in, so that a whole server can run under a fake clock. */
export interface Clock {
  /** Milliseconds that only ever grow. */
  now(): number
  /** Calls `act` once after `delayMs`; returns the way to call it off. */
  after(delayMs: number, act: () => void): () => void
}
