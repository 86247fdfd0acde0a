/**
 * What runs in one tab and stops with it: its timers, the answers it waits for, the events it is told of. A tab that the
 * browser has put to sleep does all of it when it wakes; one that is killed does none of it any more.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { World } from '../world.ts'

const current = new AsyncLocalStorage<Realm>()

/** The tab whose code is running now, also after it has waited for a promise. */
export function currentRealm(): Realm | undefined {
  return current.getStore()
}

export class Realm {
  readonly #world: World
  readonly #onEnter: () => void
  #state: 'awake' | 'asleep' | 'waking' | 'dead' = 'awake'
  #waiting: (() => void)[] = []
  readonly #timers = new Map<number, () => void>()
  #lastTimer = 0
  #awakeSinceMs = 0

  /** `onEnter` is called whenever something runs in here. */
  constructor(world: World, onEnter: () => void) {
    this.#world = world
    this.#onEnter = onEnter
  }

  get isDead(): boolean {
    return this.#state === 'dead'
  }

  /** When it woke last. */
  get awakeSinceMs(): number {
    return this.#awakeSinceMs
  }

  get isAwake(): boolean {
    return this.#state === 'awake'
  }

  /** Runs `act` now, or once the tab is awake, or never; one after the other in any case. */
  enter(act: () => void): void {
    if (this.#state === 'awake') this.#run(act)
    else if (this.#state !== 'dead') this.#waiting.push(act)
  }

  after(delayMs: number, act: () => void): number {
    return this.#set(++this.#lastTimer, delayMs, (timer) => {
      this.#timers.delete(timer)
      act()
    })
  }

  every(intervalMs: number, act: () => void): number {
    const tick = (timer: number): void => {
      this.#set(timer, intervalMs, tick)
      act()
    }
    return this.#set(++this.#lastTimer, intervalMs, tick)
  }

  clear(timer: number): void {
    this.#timers.get(timer)?.()
    this.#timers.delete(timer)
  }

  sleep(): void {
    if (this.#state === 'awake') this.#state = 'asleep'
  }

  wake(): void {
    if (this.#state !== 'asleep') return
    this.#state = 'waking'
    this.#awakeSinceMs = this.#world.now()
    this.#catchUp()
  }

  kill(): void {
    this.#state = 'dead'
    this.#waiting = []
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
  }

  #run(act: () => void): void {
    this.#onEnter()
    current.run(this, act)
  }

  #set(timer: number, delayMs: number, fire: (timer: number) => void): number {
    const cancel = this.#world.after(delayMs, () =>
      this.enter(() => {
        // It may have been cleared while the tab slept.
        if (this.#timers.get(timer) === cancel) fire(timer)
      }),
    )
    this.#timers.set(timer, cancel)
    return timer
  }

  /** Each as an event of its own, so that promises go on in between. */
  #catchUp(): void {
    if (this.#state !== 'waking') return
    const next = this.#waiting.shift()
    if (!next) {
      this.#state = 'awake'
      return
    }
    this.#run(next)
    this.#world.after(0, () => this.#catchUp())
  }
}
