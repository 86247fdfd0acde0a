/**
 * What a screen reader is told of people who come and go: a moment later and joined, so that nobody hears of who only
 * reloaded their page; not more often than now and then, so that nobody is talked over by others coming and going; and
 * by comparison with what was told last, so that being cut off from everybody is no news of everybody.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Person } from '../session/session.ts'
import { called, spokenLanguage, t } from '../words/index.ts'

/** How long news is gathered, and how long nothing more is said after some. */
const gatherMs = 3_000
const restMs = 10_000
/** How many are told by name. */
const maxNames = 3

export class Arrivals implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #present: () => readonly Person[] | undefined
  #told: ReadonlyMap<string, Person> = new Map()
  #words = ''
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `present` is asked at each rendering who is here; undefined while that is not known. */
  constructor(host: ReactiveControllerHost, present: () => readonly Person[] | undefined) {
    this.#host = host
    this.#present = present
    host.addController(this)
  }

  /** What a live region is to hold now; '' if there is nothing to say. */
  get words(): string {
    return this.#words
  }

  hostUpdate(): void {
    if (this.#timer === undefined && this.#news() !== '') this.#wait(gatherMs)
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#words = this.#news()
      if (this.#words !== '') this.#wait(restMs)
      this.#told = this.#others() ?? this.#told
      this.#host.requestUpdate()
    }, ms)
  }

  #news(): string {
    const present = this.#others()
    if (!present) return ''
    const came = [...present.values()].filter(({ id }) => !this.#told.has(id))
    const left = [...this.#told.values()].filter(({ id }) => !present.has(id))
    return [
      ...(came.length > 0 ? [t('arrivals.came', { names: named(came), count: came.length })] : []),
      ...(left.length > 0 ? [t('arrivals.left', { names: named(left), count: left.length })] : []),
    ].join(' ')
  }

  #others(): ReadonlyMap<string, Person> | undefined {
    const others = this.#present()?.filter(({ isSelf }) => !isSelf)
    return others && new Map(others.map((person) => [person.id, person]))
  }
}

function named(people: readonly Person[]): string {
  const shown = people.length > maxNames ? people.slice(0, maxNames - 1) : people
  const others = people.length - shown.length
  return new Intl.ListFormat(spokenLanguage(), { type: 'conjunction' }).format([
    ...shown.map(({ name }) => called(name)),
    ...(others > 0 ? [t('arrivals.others', { count: others })] : []),
  ])
}
