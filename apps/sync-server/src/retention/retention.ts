/**
 * Deletes what nobody has opened for as many days as the operator says, and counts the hours by which that is told. A day
 * is one for which a server ran, as its clock that only grows has it: the time of day is asked nothing.
 */
import type { DocumentName } from '@quire/protocol'
import type { Logger } from '../logger.ts'
import type { Meter } from '../meter.ts'
import type { Clock } from '../room/clock.ts'
import type { Rooms } from '../room/rooms.ts'
import { StorageError, type DocumentFacts, type Store } from '../storage/document-store.ts'
import { hoursOfADay, unopenedHours, type Openings } from './openings.ts'

export interface RetentionOptions {
  readonly store: Pick<Store, 'documents' | 'keepFor' | 'passHour' | 'removeUnopened' | 'unopened'>
  readonly rooms: Pick<Rooms, 'forget' | 'isOpen' | 'present'>
  readonly openings: Openings
  /** Undefined: nothing is deleted. */
  readonly keepDays: number | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly meter: Pick<Meter, 'deleted'>
}

const hourMs = 3_600_000
/** Whoever comes back after a restart comes first. */
const firstLookMs = 5000
/** Each is read and taken away by the writer, some milliseconds for most: that is let go on with other things in between. */
const documentsAtOnce = 10
const pauseMs = 1000
/** Whoever has set a number that they did not mean has a day to see what it would do. */
const graceHours = hoursOfADay

/** Begins by itself; returns the way to stop. */
export function retain(options: RetentionOptions): () => void {
  const retention = new Retention(options)
  return () => retention.stop()
}

class Retention {
  readonly #options: RetentionOptions
  /** Told once that they stay. */
  readonly #damaged = new Set<DocumentName>()
  #isAnnounced = false
  #isLooking = false
  #isStopped = false
  readonly #timers = new Set<() => void>()

  constructor(options: RetentionOptions) {
    this.#options = options
    this.#after(firstLookMs, () => void this.#look())
    this.#after(hourMs, () => void this.#hourPassed())
  }

  stop(): void {
    this.#isStopped = true
    for (const cancel of this.#timers) cancel()
  }

  async #hourPassed(): Promise<void> {
    const { store, rooms, openings } = this.#options
    this.#after(hourMs, () => void this.#hourPassed())
    // An hour that cannot be counted makes everything look younger.
    await store.passHour().catch(() => undefined)
    const present = await rooms.present()
    openings.hourPassed([...present].filter(([, people]) => people.length > 0).map(([name]) => name))
    await this.#look()
  }

  /** A store that cannot be read or written now may be able to in an hour. */
  async #look(): Promise<void> {
    const { keepDays, logger } = this.#options
    // Where there is much to delete, that takes longer than an hour.
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      const keptHours = await this.#options.store.keepFor(keepDays)
      if (keepDays === undefined) return
      if (keptHours < graceHours) await this.#announce(keepDays)
      else await this.#deleteUnopened(keepDays)
    } catch (err) {
      if (!this.#isStopped) logger.warn({ err }, 'what nobody opens could not be looked for')
    } finally {
      this.#isLooking = false
    }
  }

  async #announce(days: number): Promise<void> {
    if (this.#isAnnounced) return
    this.#isAnnounced = true
    const { store, logger } = this.#options
    const { documents, bytes } = await store.unopened(unopenedHours(days))
    logger.warn(
      { days, documents, bytes },
      'QUIRE_RETENTION_DAYS is new: so many documents are deleted when the server has run for a day; `quire list --unopened` lists them',
    )
  }

  async #deleteUnopened(days: number): Promise<void> {
    // Mostly there are none, which is known sooner than which.
    if ((await this.#options.store.unopened(unopenedHours(days))).documents === 0) return
    const page = { order: 'id', limit: documentsAtOnce, unopenedHours: unopenedHours(days) } as const
    let after = ''
    while (!this.#isStopped) {
      const found = await this.#options.store.documents({ ...page, after })
      for (const facts of found) await this.#delete(facts, days)
      if (found.length < documentsAtOnce) return
      after = found.at(-1)?.name ?? after
      await new Promise<void>((resolve) => this.#after(pauseMs, resolve))
    }
  }

  async #delete({ name, baseBytes, tailBytes }: DocumentFacts, days: number): Promise<void> {
    const { store, rooms, logger, meter } = this.#options
    // Asked in the same turn in which the store is: whoever comes after this finds it gone, or noted as opened, and there.
    if (this.#isStopped || this.#damaged.has(name) || rooms.isOpen(name)) return
    try {
      if (!(await store.removeUnopened(name, unopenedHours(days)))) return
      rooms.forget(name)
      logger.info({ document: name, days, bytes: baseBytes + tailBytes }, 'deleted: nobody has opened it')
      meter.deleted()
    } catch (err) {
      if (!(err instanceof StorageError && err.code === 'damaged')) throw err
      this.#damaged.add(name)
      logger.warn({ document: name, err }, 'nobody has opened it, but it is damaged, and stays')
    }
  }

  #after(delayMs: number, act: () => void): void {
    if (this.#isStopped) return
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#timers.delete(cancel)
      act()
    })
    this.#timers.add(cancel)
  }
}
