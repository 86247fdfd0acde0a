/**
 * Whom this page can go to and whom it follows: the people of a session, joined with what the editor knows of their
 * carets. Following outlives their reloading the page and our losing the network for a moment.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Person } from '../session/session.ts'

/** Connecting again takes a second or two. */
const patienceMs = 5_000

export class Company implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #people: () => readonly Person[]
  #carets: ReadonlySet<number> = new Set()
  #followed: Person | undefined
  /** Runs while the one we follow is not here. */
  #waiting: ReturnType<typeof setTimeout> | undefined

  /** `people` is asked before each rendering. */
  constructor(host: ReactiveControllerHost, people: () => readonly Person[]) {
    this.#host = host
    this.#people = people
    host.addController(this)
  }

  /** The clients whose carets have a place in the text. */
  get carets(): ReadonlySet<number> {
    return this.#carets
  }

  get followed(): Person | undefined {
    return this.#followed
  }

  caretsChanged(carets: ReadonlySet<number>): void {
    this.#carets = carets
    this.#host.requestUpdate()
  }

  /** Undefined: nobody any more. */
  follow(person: Person | undefined): void {
    this.#stopWaiting()
    this.#followed = person
    this.#host.requestUpdate()
  }

  hostUpdate(): void {
    if (!this.#followed) return
    const { id } = this.#followed
    const present = this.#people().find((person) => person.id === id)
    if (!present) {
      this.#waiting ??= setTimeout(() => this.follow(undefined), patienceMs)
      return
    }
    this.#stopWaiting()
    this.#followed = present
  }

  hostDisconnected(): void {
    this.#stopWaiting()
    this.#followed = undefined
  }

  #stopWaiting(): void {
    clearTimeout(this.#waiting)
    this.#waiting = undefined
  }
}
