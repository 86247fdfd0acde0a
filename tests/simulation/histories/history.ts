/** One seed of the sessions' simulation: people with devices and tabs, what befalls them, and what must hold in the end. */
import * as Y from 'yjs'
import { Chance } from '../chance.ts'
import { buildStored, viewOf } from '../check.ts'
import { Disk, type Weather } from '../disk.ts'
import { Letters, lettersIn } from '../letters.ts'
import type { RunResult } from '../run.ts'
import { Server } from '../server.ts'
import { describeError, World } from '../world.ts'
import { Edits } from './edits.ts'
import { live } from './globals.ts'
import { Person, type Around } from './person.ts'
import { steal } from './thief.ts'
import { scenarioOf, type HistoryScenario } from './scenario.ts'

export interface HistoryOptions {
  readonly traced?: boolean
  readonly isDeviceForgetful?: boolean
  readonly areIdsStolen?: boolean
}

/** Long enough to find out that a line is dead, to come back, to be let in again, and to pass on what another tab left. */
const settleMs = 120_000
/** Long enough for what is written a little later. */
const quietMs = 8000

export async function playHistory(seed: number, options: HistoryOptions = {}): Promise<RunResult> {
  const world = new FirstsWorld(seed, { traced: options.traced ?? false })
  const uncaught = (error: unknown): void =>
    world.violated('nothing throws where nobody catches', describeError(error))
  // Each session has one, until it is closed.
  process.setMaxListeners(0)
  const exitListeners = process.listeners('exit')
  process.on('unhandledRejection', uncaught)
  live({ world, chance: new Chance(seed ^ 0x5e55) })
  try {
    await new History(world, options).play()
  } catch (error) {
    world.violated('the simulation itself does not fail', describeError(error))
  } finally {
    live(undefined)
    process.off('unhandledRejection', uncaught)
    // Pages that were killed said nothing to their process.
    for (const listener of process.listeners('exit'))
      if (!exitListeners.includes(listener)) process.off('exit', listener)
  }
  const { violations, counts, events, digest, trace = [] } = world
  return { seed, violations, counts, events, virtualMs: world.now(), digest, trace }
}

/** Tells each broken rule once, the first time, or the many repetitions of one would crowd out the others. */
class FirstsWorld extends World {
  override violated(rule: string, detail: string): void {
    if (!this.violations.some((known) => known.rule === rule)) super.violated(rule, detail)
  }
}

class History {
  readonly #world: World
  readonly #disk: Disk
  readonly #server: Server
  readonly #edits: Edits
  readonly #people: readonly Person[]
  readonly #scenario: HistoryScenario

  constructor(world: World, { isDeviceForgetful = false, areIdsStolen = false }: HistoryOptions) {
    this.#world = world
    this.#scenario = scenarioOf(world.chance, areIdsStolen)
    this.#disk = new Disk(world)
    this.#disk.create()
    this.#server = new Server(world, this.#disk, { create: false })
    this.#edits = new Edits(this.#disk.durable, { areIdsStolen })
    const around: Around = {
      world,
      server: this.#server,
      edits: this.#edits,
      letters: new Letters(),
      isDeviceForgetful,
      setsTitles: !areIdsStolen,
    }
    this.#server.start()
    this.#people = this.#scenario.people.map((traits) => new Person(around, traits))
  }

  async play(): Promise<void> {
    for (const person of this.#people) person.begin()
    this.#restartLater()
    this.#changeWeatherLater()
    if (this.#scenario.areIdsStolen) this.#stealLater()
    await this.#run(this.#scenario.durationMs)
    await this.#heal()
    await this.#settle()
    this.#checkDocument()
    this.#checkDevices()
    this.#end()
  }

  get #tabs() {
    return this.#people.flatMap(({ alive }) => alive)
  }

  #run(limitMs: number, isDone: () => boolean = () => false): Promise<boolean> {
    return this.#world.run(limitMs, () => {
      for (const { tabs } of this.#people) for (const tab of tabs) tab.check()
      return isDone()
    })
  }

  // ——— what befalls the server ———

  #restartLater(): void {
    const { restartsMs } = this.#scenario
    if (restartsMs === undefined) return
    const { chance } = this.#world
    this.#world.after(1 + chance.wait(restartsMs), () => {
      if (this.#world.isCalm) return
      const start = (): void => {
        this.#world.after(chance.wait(chance.oneIn(6) ? 10_000 : 1000), () => {
          if (!this.#server.isUp) this.#server.start()
        })
        this.#restartLater()
      }
      if (chance.oneIn(3)) return this.#server.drain(start)
      this.#server.kill()
      start()
    })
  }

  #changeWeatherLater(): void {
    const { weatherMs } = this.#scenario
    if (weatherMs === undefined) return
    const { chance } = this.#world
    this.#world.after(1 + chance.wait(weatherMs), () => {
      if (this.#world.isCalm) return
      this.#setWeather(chance.pick(['slow', 'failing']))
      this.#world.after(chance.oneIn(2) ? chance.below(40) : chance.wait(3000), () => {
        this.#setWeather('fine')
        this.#changeWeatherLater()
      })
    })
  }

  /** From somebody who is away for longer than their ids are theirs alone, while they type on. */
  #stealLater(): void {
    const { chance } = this.#world
    this.#world.after(chance.wait(15_000), () => {
      if (this.#world.isCalm) return
      const victim = chance.pick(this.#people)
      victim.goAway(chance.between(35_000, 50_000))
      this.#world.after(chance.between(31_000, 45_000), () => {
        const ids = victim.alive.map(({ session }) => session.doc.clientID)
        this.#world.note('eve', 'writes under ids of', victim.traits.name)
        if (!this.#world.isCalm) steal(this.#server, this.#disk.durable, ids)
      })
      this.#stealLater()
    })
  }

  #setWeather(weather: Weather): void {
    this.#disk.weather = weather
    this.#world.note('disk', 'is', weather)
  }

  // ——— when all is well again ———

  async #heal(): Promise<void> {
    this.#world.isCalm = true
    this.#world.note('world', 'heals')
    this.#setWeather('fine')
    for (const person of this.#people) person.heal()
    await this.#run(settleMs, () => this.#server.isUp)
    if (!this.#server.isUp) this.#server.start()
  }

  async #settle(): Promise<void> {
    for (const tab of this.#tabs) tab.staysOpen()
    // What only the rows know (its tab was killed before it told the others) is found by whoever opens the document next.
    for (const person of this.#people) person.openTab()
    const isSettled = (): boolean => {
      const text = this.#disk.durable.doc.getText('content').toString()
      return this.#tabs.every(({ isAtRest, session }) => isAtRest && session.text.toString() === text)
    }
    const endMs = this.#world.now() + settleMs
    while (this.#world.now() < endMs && !isSettled()) await this.#run(500)
    if (!isSettled())
      for (const tab of this.#tabs)
        if (!tab.isAtRest) this.#world.violated('everyone comes to rest', `${tab.name}: ${tab.standing}`)
    await this.#run(quietMs)
  }

  #checkDocument(): void {
    const stored = buildStored(this.#world, this.#disk.stored ?? { base: undefined, tail: [] })
    const text = stored.getText('content').toString()
    const title = stored.getMap('meta').get('title') ?? ''
    for (const tab of this.#tabs) {
      const { text: shown, doc } = tab.session
      if ((shown.toString() !== text && !this.#areMadeOfTheSame(doc, stored)) || tab.session.title !== title)
        this.#world.violated(
          'everyone has the same document',
          `${tab.name}: ${tab.session.text.toString()}, not ${text}`,
        )
    }
    this.#checkEdits(stored)
  }

  /** A thief gives neighbours that no honest client gives: of those Yjs may make two documents (see `compare`). */
  #areMadeOfTheSame(one: Y.Doc, other: Y.Doc): boolean {
    if (!this.#scenario.areIdsStolen) return false
    const [mine, theirs] = [viewOf('one', one), viewOf('other', other)]
    const isSame = mine.structs === theirs.structs && mine.deletions === theirs.deletions
    if (isSame) this.#world.count('documents that Yjs makes two of')
    return isSame
  }

  #checkEdits(stored: Y.Doc): void {
    const found = new Map<string, number>()
    for (const letter of lettersIn(stored.getText('content').toString()))
      found.set(letter, (found.get(letter) ?? 0) + 1)
    for (const [letter, times] of found)
      if (times > 1) this.#world.violated('nothing is there twice', `${letter} is there ${times} times`)
    const erased = new Set(this.#edits.all.flatMap((edit) => edit.erased.split('')))
    for (const edit of this.#edits.all) {
      if (!edit.isDue) continue
      const isMissing =
        !this.#edits.isIn(stored, edit) ||
        edit.typed.split('').some((letter) => !found.has(letter) && !erased.has(letter))
      if (!isMissing) continue
      const rule = edit.isShownSaved ? 'what was shown as saved is there' : 'no unsaved edit is forgotten'
      this.#world.violated(rule, String(edit))
    }
  }

  #checkDevices(): void {
    const text = this.#disk.durable.doc.getText('content').toString()
    for (const { device, traits } of this.#people) {
      if (!device.keeps) continue
      if (device.unsaved > 0)
        this.#world.violated(
          'what is saved is no longer kept as unsaved',
          `${traits.name}: ${device.unsaved}`,
        )
      const kept = device.document.getText('content').toString()
      if (kept !== text && !this.#areMadeOfTheSame(device.document, this.#disk.durable.doc))
        this.#world.violated('a device keeps what is saved', `${traits.name}: ${kept}, not ${text}`)
    }
  }

  #end(): void {
    for (const { tabs } of this.#people) for (const tab of tabs) tab.kill()
  }
}
