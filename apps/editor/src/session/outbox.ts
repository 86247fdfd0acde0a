/**
 * Which edits the server has not said are durable. Nothing is guessed: a frame that leaves carries certain edits, and
 * the server tells how many frames of this connection it has stored.
 */
import type { Edit, IdsOfOurs } from './local-store.ts'
import { idsOf, together } from './renames.ts'

export class Outbox {
  /** In the order in which they came here. */
  readonly #edits = new Map<string, Edit>()
  /** For each frame of this connection that is not yet acknowledged: the edits it carries. */
  #frames: (readonly string[])[] = []
  #acknowledged = 0
  #ids: IdsOfOurs | undefined

  /** How many edits the server may not have. */
  get size(): number {
    return this.#edits.size
  }

  /** Whether a frame has left that the server has not acknowledged. */
  get isAwaiting(): boolean {
    return this.#frames.length > 0
  }

  get edits(): readonly Edit[] {
    return [...this.#edits.values()]
  }

  has(id: string): boolean {
    return this.#edits.has(id)
  }

  /** Ids of ours under which the edits' own structs are: of each client from the first to the last. */
  get ids(): IdsOfOurs {
    return (this.#ids ??= together(this.edits.flatMap((edit) => [...idsOf(edit)])))
  }

  add(edit: Edit): void {
    const isKnown = this.#edits.has(edit.id)
    this.#edits.set(edit.id, edit)
    // Counted on, since much may be typed without a connection.
    this.#ids = isKnown || !this.#ids ? undefined : together([...this.#ids, ...idsOf(edit)])
  }

  /** Known to be saved by other means, or given up. */
  remove(ids: readonly string[]): void {
    for (const id of ids) this.#edits.delete(id)
    this.#ids = undefined
  }

  /** A new connection counts its frames from 1; what was not acknowledged on the old one goes out again. */
  connected(): void {
    this.#frames = []
    this.#acknowledged = 0
  }

  /** A frame has left that carries these edits; of an answer to the server's question, all there are. */
  sent(ids: readonly string[]): void {
    this.#frames.push(ids)
  }

  /**
   * The server has asked for what it lacks and is answered without our edits. It takes an answer for all there is to be had of
   * what it could not store before, so that from now on nothing it says of the frames up to here is about edits.
   */
  withheld(): void {
    this.#frames = this.#frames.map(() => [])
  }

  /** The server has stored the first `frames` frames of this connection. Returns the edits that are saved by that. */
  acknowledged(frames: number): string[] {
    const stored = this.#frames.splice(0, Math.max(0, frames - this.#acknowledged))
    this.#acknowledged += stored.length
    const saved = [...new Set(stored.flat())].filter((id) => this.#edits.has(id))
    this.remove(saved)
    return saved
  }
}
