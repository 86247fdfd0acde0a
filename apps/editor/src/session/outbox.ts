/**
 * Which of our edits the server has said are durable. Counted, not guessed: each update frame that leaves covers
 * the edits made so far, and the server tells how many frames of this connection it has stored.
 */
export class Outbox {
  #made = 0
  #saved = 0
  /** For each frame of this connection that is not yet acknowledged: how many edits are safe once it is. */
  #covers: number[] = []
  #acknowledgedFrames = 0
  #hasAnswered = false

  /** Edits that are nowhere but here. */
  get unsaved(): number {
    return this.#made - this.#saved
  }

  edited(): void {
    this.#made++
  }

  /** A new connection counts its frames from 1; what was not acknowledged on the old one goes out again with the answer. */
  connected(): void {
    this.#covers = []
    this.#acknowledgedFrames = 0
    this.#hasAnswered = false
  }

  /** Our SyncStep2 has left: all that the server lacked. */
  answered(): void {
    this.#hasAnswered = true
    this.#covers.push(this.#made)
  }

  /** An edit has left. Before our answer it says nothing of the edits before it. */
  sent(): void {
    this.#covers.push(this.#hasAnswered ? this.#made : this.#saved)
  }

  /** The server has stored the first `frames` frames of this connection. */
  acknowledged(frames: number): void {
    const newly = this.#covers.splice(0, frames - this.#acknowledgedFrames)
    this.#acknowledgedFrames += newly.length
    this.#saved = Math.max(this.#saved, newly.at(-1) ?? 0)
  }
}
