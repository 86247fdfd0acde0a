/**
 * What a screen reader is told of the save state: each change that lasts, once. That every few words are saved again is
 * no news to someone who writes.
 */
import type { SaveState } from './save-state.ts'

export class Announcer {
  #words = ''
  #lastSaid = ''

  /** What a live region is to hold now; '' if there is nothing to say. */
  get words(): string {
    return this.#words
  }

  /** To be told of every save state, also when it is the same as before. */
  heard({ spoken }: SaveState): void {
    if (spoken === '') this.#words = ''
    else if (spoken !== this.#lastSaid) this.#words = this.#lastSaid = spoken
  }
}
