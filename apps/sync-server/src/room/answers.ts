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
import { Turns } from '../workshop/turns.ts'
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

/** An answer that is yet to be made, as one of those has it who asked the same. */
export interface Awaited {
  readonly answer: Promise<Answer>
  /** It is not wanted any more: what has not begun is not made for nobody. Safe to call twice. */
  readonly leave: () => void
}

/** What someone says who has nothing. */
const nothing = encodeStateVector(new Map())

/** Different questions whose answers are kept: most who come at once know nothing, or left at the same moment. */
const maxKept = 8
/** A longer state vector is hardly ever told twice. */
const maxKeptVectorBytes = 4096
/** Different questions that may wait for their turn. Each is a walk over the document for whoever comes after it. */
export const maxWaiting = 16

export class Answers {
  readonly #log: Log
  readonly #workshop: Workshop
  readonly #clock: Clock
  readonly #limits: RoomLimits
  readonly #loop: Budget
  readonly #kept = new Map<string, Answer | Making>()
  #last: { readonly from: number; readonly made: Answer | Making } | undefined
  /** One at a time: each takes a copy of the document to the workshop. */
  readonly #turns = new Turns()
  readonly #makings = new Set<Making>()
  #isUsed = false
  #cancelLook: (() => void) | undefined
  #isClosed = false

  /** `loop`: the bytes that answers may still read where sockets are served. */
  constructor(options: { log: Log; workshop: Workshop; clock: Clock; limits: RoomLimits; loop: Budget }) {
    this.#clock = options.clock
    this.#log = options.log
    this.#workshop = options.workshop
    this.#limits = options.limits
    this.#loop = options.loop
  }

  /** To what was found to be a state vector. */
  to(stateVector: Uint8Array): Answer | Awaited {
    const key = stateVector.length <= maxKeptVectorBytes ? String.fromCharCode(...stateVector) : undefined
    const kept = key === undefined ? undefined : this.#kept.get(key)
    this.#wasUsed()
    if (kept && this.#isFresh(kept)) return askedOf(kept)
    const isMadeHere = this.#mayMakeHere(this.#log.bytes + stateVector.length)
    // All there is serves everyone, and is made once for all of them.
    if (!isMadeHere && this.#turns.length >= maxWaiting && stateVector !== nothing) return this.to(nothing)
    const made = isMadeHere
      ? this.#madeHere(this.#log.scanned, stateVector)
      : this.#make(this.#log.entries, stateVector)
    if (key !== undefined) this.#keep(key, made)
    return askedOf(made)
  }

  /** For someone who has everything up to `position`: what came after it, as updates. */
  since(position: number): Answer | Awaited {
    const entries = this.#log.entriesAfter(position)
    this.#wasUsed()
    // Those who fell behind together catch up together.
    const last = this.#last?.from === position ? this.#last.made : undefined
    const isOfAll = last?.position === this.#log.head && !isGivenUp(last)
    const made = isOfAll ? last : entries && this.#madeOf(entries)
    // What they lack has become part of the base, or too much waits to be made: they are sent what a newcomer would be.
    if (!made) return asUpdates(this.to(nothing))
    this.#last = { from: position, made }
    return asUpdates(askedOf(made))
  }

  /** What has not begun is not made any more. */
  close(): void {
    this.#isClosed = true
    this.#cancelLook?.()
    for (const making of this.#makings) making.giveUp()
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

  /** A large answer, or one in the making, may be older than the log: whoever gets it catches up from where it ends. */
  #isFresh(made: Answer | Making): boolean {
    if (made instanceof Making) return !made.isGivenUp
    if (made.position === this.#log.head) return true
    const { maxPartBytes } = this.#limits
    if (this.#log.bytes <= maxPartBytes) return false
    const newer = this.#log.entriesAfter(made.position)
    return newer !== undefined && sumOf(newer) <= maxPartBytes
  }

  #keep(key: string, made: Answer | Making): void {
    this.#kept.delete(key)
    this.#kept.set(key, made)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest)
    if (made instanceof Making) void this.#keepWhatIsMade(key, made)
  }

  /** One that could not be made is not kept. */
  async #keepWhatIsMade(key: string, making: Making): Promise<void> {
    const answer = await making.answer.catch(() => undefined)
    if (this.#kept.get(key) !== making) return
    if (answer) this.#kept.set(key, answer)
    else this.#kept.delete(key)
  }

  /** Undefined if too much waits to be made. */
  #madeOf(entries: readonly LogEntry[]): Answer | Making | undefined {
    const position = this.#log.head
    const { maxPartBytes } = this.#limits
    const [only] = entries
    // As it is mostly: nobody lags, and an entry goes out as it was stored.
    if (only && entries.length === 1 && only.update.length <= maxPartBytes) {
      const frames = [encodeServerMessage({ type: 'update', update: only.update })]
      return { position, frames, unaskedFrames: frames }
    }
    if (this.#mayMakeHere(sumOf(entries)))
      return this.#madeHere(
        entries.map(({ update }) => scan(update)),
        nothing,
      )
    return this.#turns.length < maxWaiting ? this.#make(entries, nothing) : undefined
  }

  #madeHere(scanned: readonly ScannedUpdate[], stateVector: Uint8Array): Answer {
    const parts = missingParts(scanned, decodeStateVector(stateVector), this.#limits.maxPartBytes)
    return answerOf(parts, this.#log.head)
  }

  /** In the workshop, of entries up to the newest. */
  #make(entries: readonly LogEntry[], stateVector: Uint8Array): Making {
    const position = this.#log.head
    const making = new Making(position, (signal) =>
      this.#turns.take(async () => {
        const updates = entries.map(({ update }) => update)
        const parts = await this.#workshop.missing(updates, stateVector, this.#limits.maxPartBytes, signal)
        return answerOf(parts, position)
      }, signal),
    )
    this.#makings.add(making)
    void making.answer.finally(() => this.#makings.delete(making)).catch(() => undefined)
    if (this.#isClosed) making.giveUp()
    return making
  }

  #mayMakeHere(bytes: number): boolean {
    return bytes <= this.#limits.maxLoopBytes && this.#loop.trySpend(bytes)
  }
}

/** An answer that the workshop makes, for all who ask the same. */
class Making {
  readonly position: number
  readonly answer: Promise<Answer>
  readonly #abort = new AbortController()
  #askers = 0

  constructor(position: number, make: (signal: AbortSignal) => Promise<Answer>) {
    this.position = position
    this.answer = make(this.#abort.signal)
  }

  /** It may come all the same, if it was under way. */
  get isGivenUp(): boolean {
    return this.#abort.signal.aborted
  }

  ask(): Awaited {
    this.#askers++
    let isAsking = true
    const leave = (): void => {
      if (isAsking && --this.#askers === 0) this.giveUp()
      isAsking = false
    }
    return { answer: this.answer, leave }
  }

  giveUp(): void {
    this.#abort.abort(new Error('nobody waits for this answer'))
  }
}

function isGivenUp(made: Answer | Making): boolean {
  return made instanceof Making && made.isGivenUp
}

function askedOf(made: Answer | Making): Answer | Awaited {
  return made instanceof Making ? made.ask() : made
}

function asUpdates(asked: Answer | Awaited): Answer | Awaited {
  if ('leave' in asked) return { ...asked, answer: asked.answer.then(onlyUpdates) }
  return onlyUpdates(asked)
}

/** As it is mostly, they were updates already. */
function onlyUpdates(answer: Answer): Answer {
  if (answer.frames === answer.unaskedFrames) return answer
  return { ...answer, frames: answer.unaskedFrames }
}

function sumOf(entries: readonly LogEntry[]): number {
  return entries.reduce((bytes, { update }) => bytes + update.length, 0)
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
