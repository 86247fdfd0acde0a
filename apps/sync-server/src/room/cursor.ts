/**
 * Where one connection stands in the log, and what it is sent. Someone who joins, someone who lags and someone who is
 * up to date differ only in that place: a slow connection costs a number, not a queue. While more is waiting in its
 * socket than we are willing to add to, it is sent nothing; when it has drained, it is brought up to date at once.
 */
import { closeCodes } from '@quire/protocol'
import type { Answer, Answers, Awaited } from './answers.ts'
import type { Clock } from './clock.ts'
import type { Peer } from './peer.ts'
import type { RoomLimits } from './room-limits.ts'

export interface CursorPorts {
  /** What there is to send; it changes when the room reads its log anew. */
  readonly answers: () => Answers
  /** Up to which position it is to be sent now. */
  readonly head: () => number
  readonly clock: Clock
  readonly limits: RoomLimits
  /** A frame of everyone who is here. */
  readonly everyone: () => Uint8Array
  /** How much of what the peer wrote is durable, if it has not been told. */
  readonly saved: () => Uint8Array | undefined
  /** What was wanted could not be read: the room's fault, not the peer's. */
  readonly reportFailure: (error: unknown) => void
}

export class Cursor {
  readonly #peer: Peer
  readonly #ports: CursorPorts
  /** Everything up to here has been sent; undefined until the peer has told what it has. */
  #position: number | undefined
  /** An answer on its way out, and how many of its frames have been sent. */
  #answer: Answer | undefined
  #sent = 0
  /** What the peer said it has when it last asked, if that has not been answered yet. */
  #asked: Uint8Array | undefined
  /** Set for a while after an answer was made: calls off the end of that. */
  #stopResting: (() => void) | undefined
  /** An answer that is being made, to what the peer asked, or for one who lags. */
  #awaited: { readonly question: Uint8Array | undefined; readonly leave: () => void } | undefined
  #missesPresence = false
  #missesSaved = false
  #stopWaiting: (() => void) | undefined
  /** What was waiting in the socket when we last began to wait. */
  #backlogBytes = 0
  #isClosed = false

  constructor(peer: Peer, ports: CursorPorts) {
    this.#peer = peer
    this.#ports = ports
  }

  /** Answers SyncStep1, now or when there is room and its time. Of several questions that wait, the last is answered. */
  ask(stateVector: Uint8Array): void {
    this.#asked = stateVector.slice()
    this.pump()
  }

  /** The peer has what lies between these positions from the start. */
  skip(from: number, to: number): void {
    if (this.#position === from && !this.#isBusy) this.#position = to
  }

  /** Presence is not kept for those who cannot take it: they are told who is here once they can. */
  tellPresence(frame: Uint8Array): void {
    if (this.#isFull) {
      this.#missesPresence = true
      this.#waitForDrain()
    } else {
      this.#peer.deliver(frame)
    }
  }

  /** More of what the peer wrote is durable. It is told the latest number, once there is room. */
  tellSaved(): void {
    this.#missesSaved = true
    this.pump()
  }

  /** There are other answers to be had: what is awaited of the old ones is asked again. */
  askAnew(): void {
    this.#asked ??= this.#awaited?.question
    this.#stopAwaiting()
  }

  /** The log was read anew, so that old positions say nothing: everything is sent again, which does no harm. */
  startOver(): void {
    if (this.#position !== undefined) this.#position = 0
    if (this.#answer) this.#answer = { ...this.#answer, position: 0 }
  }

  /** Sends what there is to send, as far as there is room. Called whenever bytes have left. */
  pump(): void {
    while (!this.#isClosed && this.#hasMore()) {
      if (this.#isFull) return this.#waitForDrain()
      this.#stopWaitingForDrain()
      this.#sendNext()
    }
    if (this.#stopWaiting && !this.#isFull) this.#stopWaitingForDrain()
  }

  close(): void {
    this.#isClosed = true
    this.#stopResting?.()
    this.#stopAwaiting()
    this.#stopWaitingForDrain()
  }

  get #isFull(): boolean {
    return this.#peer.backlogBytes > this.#ports.limits.maxBacklogBytes
  }

  /** Something is on its way that must arrive before the next entry. */
  get #isBusy(): boolean {
    return this.#answer !== undefined || this.#asked !== undefined || this.#awaited !== undefined
  }

  #hasMore(): boolean {
    if (this.#missesSaved || this.#missesPresence || this.#answer) return true
    if (this.#awaited) return false
    if (this.#asked && !this.#stopResting) return true
    return this.#position !== undefined && this.#position < this.#ports.head()
  }

  #sendNext(): void {
    if (this.#missesSaved) {
      this.#missesSaved = false
      const frame = this.#ports.saved()
      if (frame) this.#peer.deliver(frame)
    } else if (this.#missesPresence) {
      this.#missesPresence = false
      this.#peer.deliver(this.#ports.everyone())
    } else if (this.#answer) {
      this.#sendAnswer(this.#answer)
    } else if (this.#asked && !this.#stopResting) {
      const asked = this.#asked
      this.#asked = undefined
      this.#rest()
      this.#begin(this.#ports.answers().to(asked), asked)
    } else if (this.#position !== undefined) {
      this.#begin(this.#ports.answers().since(this.#position))
      if (this.#answer) this.#sendAnswer(this.#answer)
    }
  }

  /** A question takes a few bytes, and its answer a walk over the document. */
  #rest(): void {
    const { clock, limits } = this.#ports
    this.#stopResting = clock.after(limits.answerPulseMs, () => {
      this.#stopResting = undefined
      this.pump()
    })
  }

  #sendAnswer(answer: Answer): void {
    const frame = answer.frames[this.#sent++]
    if (frame) this.#peer.deliver(frame)
    if (this.#sent < answer.frames.length) return
    this.#answer = undefined
    this.#position = answer.position
  }

  #begin(answer: Answer | Awaited, question?: Uint8Array): void {
    if ('leave' in answer) {
      this.#await(answer, question).catch((error: unknown) => this.#ports.reportFailure(error))
    } else {
      this.#sent = 0
      this.#answer = answer
    }
  }

  async #await({ answer, leave }: Awaited, question: Uint8Array | undefined): Promise<void> {
    const awaited = { question, leave }
    this.#awaited = awaited
    const made = await answer.catch((error: unknown) => {
      if (this.#awaited === awaited) throw error
    })
    // What is not awaited any more may fail, or come late.
    if (!made || this.#awaited !== awaited) return
    this.#awaited = undefined
    this.#begin(made)
    this.pump()
  }

  #stopAwaiting(): void {
    this.#awaited?.leave()
    this.#awaited = undefined
  }

  /** A peer that takes something has its time anew: it is slow, not stuck. */
  #waitForDrain(): void {
    const { backlogBytes } = this.#peer
    if (this.#stopWaiting && backlogBytes >= this.#backlogBytes) return
    this.#stopWaitingForDrain()
    this.#backlogBytes = backlogBytes
    this.#stopWaiting = this.#ports.clock.after(this.#ports.limits.drainTimeoutMs, () =>
      this.#peer.close(closeCodes.tryAgainLater, 'too slow'),
    )
  }

  #stopWaitingForDrain(): void {
    this.#stopWaiting?.()
    this.#stopWaiting = undefined
  }
}
