/**
 * Notes when documents are opened, for whoever asks one day what nobody wants any more. Each is noted once a day at most,
 * and nobody waits for it: what could not be noted is noted with the next hour, as long as somebody is there.
 */
import type { DocumentName } from '@quire/protocol'
import type { OpeningStore } from '../storage/document-store.ts'

export const hoursOfADay = 24
/** Where rooms are open, anyone may open as many as they like. To forget some costs a note more. */
export const maxRemembered = 100_000

export class Openings {
  readonly #store: Pick<OpeningStore, 'noteOpened'>
  #noted = new Set<DocumentName>()
  #hours = 0

  constructor(store: Pick<OpeningStore, 'noteOpened'>) {
    this.#store = store
  }

  /** To be called before the document is asked for, or while somebody is in it: then it is not deleted in between. */
  note(name: DocumentName): void {
    if (this.#noted.has(name)) return
    if (this.#noted.size >= maxRemembered) this.#noted = new Set()
    const noted = this.#noted
    noted.add(name)
    void this.#store.noteOpened(name).catch(() => noted.delete(name))
  }

  /** These have somebody in them, and stay open for as long. */
  hourPassed(occupied: Iterable<DocumentName>): void {
    if (++this.#hours % hoursOfADay === 0) this.#noted = new Set()
    for (const name of occupied) this.note(name)
  }
}

/**
 * For how long nobody has opened it, if nothing was noted for so many days: what is noted once a day may have been opened
 * again until its end.
 */
export function unopenedHours(days: number): number {
  return (days + 1) * hoursOfADay
}

/** The other way round: the days of which that is certain. */
export function unopenedDays(hours: number): number {
  return Math.max(0, Math.floor(hours / hoursOfADay) - 1)
}
