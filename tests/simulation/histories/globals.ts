/**
 * Time and chance as code in a tab finds them: the timers, clocks and random numbers of this thread become those of a
 * simulated world. To be imported before anything else: libraries take hold of some of them as they are loaded. Timers
 * that are set outside any tab stay Node's own.
 */
import { webcrypto } from 'node:crypto'
import type { Chance } from '../chance.ts'
import type { World } from '../world.ts'
import { currentRealm } from './realm.ts'

interface Host {
  readonly world: World
  /** Apart from the world's own, so that what a library draws moves nothing else. */
  readonly chance: Chance
}

/** 2027-01-15, as in the tests of tokens: nothing here depends on it. */
const epochMs = 1_800_000_000_000
const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis
const { now } = Date
const { random } = Math
const getRandomValues = webcrypto.getRandomValues.bind(webcrypto)

let host: Host | undefined

/** From now on this is the world, until there is another or none. */
export function live(next: Host | undefined): void {
  host = next
}

type Act = (...values: unknown[]) => void

Object.assign(globalThis, {
  setTimeout: (act: Act, delayMs = 0, ...values: unknown[]) =>
    currentRealm()?.after(delayMs, () => act(...values)) ?? setTimeout(act, delayMs, ...values),
  setInterval: (act: Act, delayMs = 0, ...values: unknown[]) =>
    currentRealm()?.every(delayMs, () => act(...values)) ?? setInterval(act, delayMs, ...values),
  clearTimeout: (timer: NodeJS.Timeout | number | undefined) => {
    if (typeof timer === 'number') currentRealm()?.clear(timer)
    else clearTimeout(timer)
  },
  clearInterval: (timer: NodeJS.Timeout | number | undefined) => {
    if (typeof timer === 'number') currentRealm()?.clear(timer)
    else clearInterval(timer)
  },
})
Date.now = () => (host ? epochMs + host.world.now() : now())
Math.random = () => (host ? host.chance.below(2 ** 32) / 2 ** 32 : random())
Object.defineProperty(webcrypto, 'getRandomValues', {
  value: (values: Uint32Array<ArrayBuffer>): Uint32Array => {
    if (!host) return getRandomValues(values)
    for (let index = 0; index < values.length; index++) values[index] = host.chance.below(2 ** 32)
    return values
  },
})
