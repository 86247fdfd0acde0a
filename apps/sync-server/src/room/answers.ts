/**
 * What a joiner is sent: the frames that answer a state vector. Made once for all who ask the same, and where sockets are
 * served only if that takes little; a large document is taken apart in the workshop, and any while much is asked.
 */
import {
  decodeStateVector,
  emptyUpdate,
  encodeServerMessage,
  encodeStateVector,
  missingParts,
  scan,
  type ScannedUpdate,
} from '@quire/protocol'
import type { Budget } from '../admission/budget.ts'
import type { LogEntry } from '../storage/document-store.ts'
import type { Workshop } from '../workshop/workshop.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { RoomLimits } from './room-limits.ts'

export interface Answer {
  /** As the answer to SyncStep1: any number of updates and one SyncStep2, last, since a stock client counts as synced only then. */
  readonly frames: readonly Uint8Array[]
  /** The same for someone who has not asked: updates only. */
  readonly unaskedFrames: readonly Uint8Array[]
  /** Whoever has taken them in stands here. */
  readonly position: number
}

interface Made {
  readonly position: number
  readonly answer: Answer | Promise<Answer>
}

/** What someone says who has nothing. */
const nothing = encodeStateVector(new Map())

/** Different questions whose answers are kept: most who come at once know nothing, or left at the same moment. */
const maxKept = 8
/** A longer state vector is hardly ever told twice. */
const maxKeptVectorBytes = 4096

export class Answers {
  readonly #log: Log
  readonly #workshop: Workshop
  readonly #clock: Clock
  readonly #limits: RoomLimits
  readonly #loop: Budget
  readonly #kept = new Map<string, Made>()
  #isUsed = false
  #cancelLook: (() => void) | undefined
  #last: { readonly from: number; readonly made: Made } | undefined
  /** Settles when the workshop has made what was last asked of it. */
  #turn: Promise<unknown> = Promise.resolve()

  /** `loop`: the bytes that answers may still read where sockets are served. */
  constructor(options: { log: Log; workshop: Workshop; clock: Clock; limits: RoomLimits; loop: Budget }) {
    this.#clock = options.clock
    this.#log = options.log
    this.#workshop = options.workshop
    this.#limits = options.limits
    this.#loop = options.loop
  }

  /** To what was found to be a state vector. */
  to(stateVector: Uint8Array): Answer | Promise<Answer> {
    const key = stateVector.length <= maxKeptVectorBytes ? String.fromCharCode(...stateVector) : undefined
    const kept = key === undefined ? undefined : this.#kept.get(key)
    this.#wasUsed()
    if (kept && this.#isFresh(kept)) return kept.answer
    const made = this.#made(this.#log.updates, () => this.#log.scanned, stateVector)
    if (key !== undefined) this.#keep(key, made)
    return made.answer
  }

  /** For someone who has everything up to `position`: what came after it, as updates. */
  since(position: number): Answer | Promise<Answer> {
    const entries = this.#log.entriesAfter(position)
    // What they lack has become part of the base: they are sent what a newcomer would be.
    if (!entries) return after(this.to(nothing), asUpdates)
    // Those who fell behind together catch up together.
    if (this.#last?.from !== position || this.#last.made.position !== this.#log.head)
      this.#last = { from: position, made: this.#madeOf(entries) }
    this.#wasUsed()
    return this.#last.made.answer
  }

  close(): void {
    this.#cancelLook?.()
  }

  /** An answer holds the document once more: those who come soon after each other share it, and then it is let go of. */
  #wasUsed(): void {
    this.#isUsed = true
    this.#cancelLook ??= this.#lookLater()
  }

  #lookLater(): () => void {
    return this.#clock.after(this.#limits.answerKeptMs, () => {
      this.#cancelLook = this.#isUsed ? this.#lookLater() : undefined
      if (!this.#isUsed) this.#rest()
      this.#isUsed = false
    })
  }

  #rest(): void {
    this.#kept.clear()
    this.#last = undefined
    void this.#log.rest()
  }

  /** A large answer may be a little older than the log: whoever gets it catches up from where it ends. */
  #isFresh({ position }: Made): boolean {
    if (position === this.#log.head) return true
    const { maxPartBytes } = this.#limits
    if (this.#log.bytes <= maxPartBytes) return false
    const newer = this.#log.entriesAfter(position)
    return newer !== undefined && newer.reduce((sum, { update }) => sum + update.length, 0) <= maxPartBytes
  }

  #keep(key: string, made: Made): void {
    this.#kept.delete(key)
    this.#kept.set(key, made)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest)
    // One that could not be made is not kept.
    if (made.answer instanceof Promise)
      made.answer.catch(() => {
        if (this.#kept.get(key) === made) this.#kept.delete(key)
      })
  }

  /** As updates only. */
  #madeOf(entries: readonly LogEntry[]): Made {
    const position = this.#log.head
    const [only] = entries
    // As it is mostly: nobody lags, and an entry goes out as it was stored.
    if (only && entries.length === 1 && only.update.length <= this.#limits.maxPartBytes) {
      const frames = [encodeServerMessage({ type: 'update', update: only.update })]
      return { position, answer: { position, frames, unaskedFrames: frames } }
    }
    const updates = entries.map(({ update }) => update)
    const { answer } = this.#made(updates, () => updates.map((update) => scan(update)), nothing)
    return { position, answer: after(answer, asUpdates) }
  }

  #made(updates: readonly Uint8Array[], scanned: () => ScannedUpdate[], stateVector: Uint8Array): Made {
    const position = this.#log.head
    const { maxPartBytes, maxLoopBytes } = this.#limits
    const bytes = updates.reduce((sum, update) => sum + update.length, stateVector.length)
    if (bytes <= maxLoopBytes && this.#loop.trySpend(bytes)) {
      const parts = missingParts(scanned(), decodeStateVector(stateVector), maxPartBytes)
      return { position, answer: answerOf(parts, position) }
    }
    const making = this.#inTurn(() => this.#workshop.missing(updates, stateVector, maxPartBytes))
    return { position, answer: making.then((parts) => answerOf(parts, position)) }
  }

  /** One at a time: each takes a copy of the document to the workshop. */
  #inTurn<Result>(make: () => Promise<Result>): Promise<Result> {
    const made = this.#turn.then(make)
    this.#turn = made.catch(() => undefined)
    return made
  }
}

function asUpdates(answer: Answer): Answer {
  return { ...answer, frames: answer.unaskedFrames }
}

function after(
  answer: Answer | Promise<Answer>,
  change: (answer: Answer) => Answer,
): Answer | Promise<Answer> {
  return answer instanceof Promise ? answer.then(change) : change(answer)
}

function answerOf(parts: readonly Uint8Array[], position: number): Answer {
  const [only = emptyUpdate] = parts
  if (parts.length < 2)
    return {
      position,
      frames: [encodeServerMessage({ type: 'sync-step-2', update: only })],
      unaskedFrames: [encodeServerMessage({ type: 'update', update: only })],
    }
  const unaskedFrames = parts.map((update) => encodeServerMessage({ type: 'update', update }))
  const last = encodeServerMessage({ type: 'sync-step-2', update: emptyUpdate })
  return { position, frames: [...unaskedFrames, last], unaskedFrames }
}
