/** What happens in a server, told to whoever counts it. Told of often, so that it has to take next to no time. */
export interface Meter {
  /** A frame came. */
  received(bytes: number): void
  /** A frame was handed to a socket. */
  sent(bytes: number): void
  /** Somebody was sent away or not let in: `code` is that of the protocol, or the status of the answer to an upgrade. */
  refused(code: string): void
  /** Updates of one append are on the disk, and that took so long. */
  stored(appended: { readonly updates: number; readonly milliseconds: number }): void
  compacted(milliseconds: number): void
  /** A document that nobody had opened for as long as the operator says is no more. */
  deleted(): void
  /** A room could not do this. */
  failed(during: string): void
}

/** Nobody counts. */
export const noMeter: Meter = {
  received: ignore,
  sent: ignore,
  refused: ignore,
  stored: ignore,
  compacted: ignore,
  deleted: ignore,
  failed: ignore,
}

function ignore(): void {}
