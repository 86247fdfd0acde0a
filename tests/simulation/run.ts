/** One seed: a world, everything in it, what happens, and what must hold in the end. */
import { Adversary } from './adversary.ts'
import { buildStored, checkEdits, compare, compareShown, viewOf } from './check.ts'
import { Disk, type Weather } from './disk.ts'
import { Letters } from './letters.ts'
import { Page, type Surroundings } from './page.ts'
import { Person } from './person.ts'
import { scenarioOf, type ScenarioOptions } from './scenario.ts'
import { documentName, Server, type ServerOptions } from './server.ts'
import { isStolenFrom } from './thefts.ts'
import { describeError, World, type Violation } from './world.ts'

export interface RunOptions extends ScenarioOptions, Pick<ServerOptions, 'storeFor'> {
  /** Keeps a readable line for everything that happens. */
  readonly traced?: boolean
}

export interface RunResult {
  readonly seed: number
  readonly violations: readonly Violation[]
  readonly counts: ReadonlyMap<string, number>
  readonly events: number
  readonly virtualMs: number
  /** Equal for two runs in which the same things happened. */
  readonly digest: string
  readonly trace: readonly string[]
}

/** Long enough for everyone to have noticed that a dead connection is dead, and to have come back. */
const settleMs = 120_000
/** Long enough for whatever was put off: a slow reader's catching up, a forgotten presence's renewal, an attacker's text that waits for a minute. */
const quietMs = 65_000
/** Far less than a renewal, which would hide that something was never told. */
const presenceMs = 3000

export async function run(seed: number, options: RunOptions = {}): Promise<RunResult> {
  const world = new World(seed, { traced: options.traced ?? false })
  const uncaught = (error: unknown): void =>
    world.violated('nothing throws where nobody catches', describeError(error))
  process.on('unhandledRejection', uncaught)
  try {
    await new Run(world, options).play()
  } catch (error) {
    world.violated('the simulation itself does not fail', describeError(error))
  } finally {
    process.off('unhandledRejection', uncaught)
  }
  const { violations, counts, events, digest, trace = [] } = world
  return { seed, violations, counts, events, virtualMs: world.now(), digest, trace }
}

class Run {
  readonly #world: World
  readonly #disk: Disk
  readonly #server: Server
  readonly #around: Surroundings
  readonly #people: readonly Person[]
  readonly #adversaries: readonly Adversary[]
  readonly #scenario
  /** Their documents cannot be the same as everyone's again. */
  readonly #robbed = new Set<Page>()

  constructor(world: World, options: RunOptions) {
    this.#world = world
    this.#scenario = scenarioOf(world.chance, options)
    this.#disk = new Disk(world)
    if (!this.#scenario.create) this.#disk.create()
    const { storeFor } = options
    this.#server = new Server(world, this.#disk, {
      create: this.#scenario.create,
      ...(storeFor && { storeFor }),
    })
    this.#around = {
      world,
      server: this.#server,
      durable: this.#disk.durable,
      letters: new Letters(),
      honestIds: new Map(),
      readerIds: new Set(),
    }
    const people: Person[] = []
    for (const { siblingOf, ...traits } of this.#scenario.people) {
      const sibling = siblingOf === undefined ? {} : { sibling: () => people[siblingOf] }
      people.push(new Person(this.#around, { ...traits, ...sibling }))
    }
    this.#people = people
    this.#adversaries = this.#scenario.adversaries.map((traits) => new Adversary(this.#around, traits))
    this.#disk.durable.witness = (update) => this.#lookForThefts(update)
  }

  async play(): Promise<void> {
    for (const { traits } of this.#people)
      this.#world.note(
        traits.name,
        traits.speaksQuire ? 'is ours,' : 'is stock,',
        `${traits.role}, as ${traits.principal}`,
      )
    this.#setWeather(this.#scenario.climate)
    this.#server.start()
    for (const person of this.#people) person.begin()
    for (const adversary of this.#adversaries) adversary.begin()
    this.#restartLater()
    this.#changeWeatherLater()
    await this.#world.run(this.#scenario.durationMs)
    await this.#heal()
    await this.#settle()
    await this.#checkPresence()
    await this.#checkEveryone()
    await this.#checkAfterRest()
  }

  /** While an id is held, none may succeed: that shows in the end, for then documents differ. */
  #lookForThefts(update: Uint8Array): void {
    if (this.#adversaries.length === 0) return
    for (const page of this.#people.flatMap(({ pages }) => pages)) {
      if (this.#robbed.has(page) || this.#server.isHeld(page.clientId) || !isStolenFrom(page, update))
        continue
      this.#world.count('thefts of an id that was nobody’s')
      this.#robbed.add(page)
    }
  }

  get #present(): Person[] {
    return this.#people.filter(({ isGone }) => !isGone)
  }

  // ——— what befalls them ———

  #restartLater(): void {
    const { restartsMs } = this.#scenario
    if (restartsMs === undefined) return
    this.#world.after(1 + this.#world.chance.wait(restartsMs), () => {
      if (this.#world.isCalm) return
      const start = (): void => {
        this.#world.after(this.#world.chance.wait(1000), () => {
          if (!this.#server.isUp) this.#server.start()
        })
        this.#restartLater()
      }
      if (this.#world.chance.oneIn(3)) return this.#server.drain(start)
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
      this.#world.after(chance.oneIn(2) ? chance.below(40) : chance.wait(2500), () => {
        this.#setWeather(this.#world.isCalm ? 'fine' : this.#scenario.climate)
        this.#changeWeatherLater()
      })
    })
  }

  #setWeather(weather: Weather): void {
    if (weather === 'failing') this.#world.count('outages')
    this.#disk.weather = weather
    this.#world.note('disk', 'is', weather)
  }

  // ——— when all is well again ———

  async #heal(): Promise<void> {
    this.#world.isCalm = true
    this.#world.note('world', 'heals')
    this.#setWeather('fine')
    for (const adversary of this.#adversaries) adversary.rest()
    for (const person of this.#people) person.rest()
    // A server that is being drained, or is down, is back by then.
    await this.#world.run(settleMs, () => this.#server.isUp)
    if (!this.#server.isUp) this.#server.start()
  }

  async #settle(): Promise<void> {
    const isSettled = (): boolean => this.#present.every(({ page }) => !page.isClosed && page.isSettled)
    const endMs = this.#world.now() + settleMs
    while (this.#world.now() < endMs && !isSettled()) await this.#world.run(500)
    for (const { page } of this.#present) {
      if (page.isSettled || page.isRefused || this.#robbed.has(page)) continue
      const { unsaved } = page
      const first = unsaved[0] && `, the first ${unsaved[0].from}–${unsaved[0].to}`
      this.#world.violated(
        'everyone comes to rest',
        `${page.name}: ${page.isOpen ? 'connected' : 'not connected'}, ${unsaved.length} unsaved${first ?? ''}`,
      )
    }
    this.#askLeftBehind()
    await this.#world.run(quietMs)
  }

  /** What a tab that is gone told only its sibling, the server asks for when the sibling connects anew. */
  #askLeftBehind(): void {
    for (const { page, traits } of this.#present) {
      if (!traits.sibling?.()?.isGone) continue
      page.goOffline()
      page.goOnline()
    }
  }

  /** What each shows now, everyone sees soon. */
  async #checkPresence(): Promise<void> {
    const shown = this.#present.map((person) => [person.page, person.show()] as const)
    await this.#world.run(presenceMs)
    for (const { page: viewer } of this.#present) {
      if (!viewer.isOpen) continue
      for (const [page, state] of shown) {
        if (page.isOpen && viewer.awareness.states.get(page.clientId) !== state)
          this.#world.violated(
            'everyone sees who is here',
            `${viewer.name} sees ${viewer.awareness.states.get(page.clientId) ?? 'nothing'} of ${page.name}`,
          )
      }
    }
  }

  async #checkEveryone(): Promise<void> {
    // While they come something may still be stored, so they come before all are held against each other.
    const late = await this.#lateComer()
    const stored = this.#disk.stored
    const reference = buildStored(this.#world, stored ?? { base: undefined, tail: [] })
    const onDisk = viewOf('the disk', reference)
    compare(this.#world, viewOf('the record', this.#disk.durable.doc), onDisk)
    for (const { page } of this.#present)
      if (!this.#robbed.has(page))
        compare(this.#world, viewOf(page.name, page.doc), onDisk, { isReader: !page.isWriter })
    const pages = this.#people.flatMap((person) => person.pages).filter((page) => !this.#robbed.has(page))
    checkEdits(this.#world, reference, { pages, letters: this.#around.letters })
    for (const client of reference.store.clients.keys())
      if (this.#around.readerIds.has(client)) this.#world.violated('readers write nothing', String(client))
    const seenLate = viewOf(late.name, late.doc)
    compare(this.#world, seenLate, onDisk, { isReader: true })
    compareShown(this.#world, seenLate, onDisk)
    late.close({ isSudden: false })
  }

  async #lateComer(): Promise<Page> {
    const late = new Page(this.#around, {
      visitor: { name: 'late', role: 'view', speaksQuire: true, principal: 'late', isHonest: true },
      // Past all that anyone may have written with: Yjs changes an id that it finds taken.
      clientId: 2 ** 40,
      quality: { delayMs: () => 5, weight: 1 },
    })
    late.goOnline()
    await this.#world.run(5000)
    if (!late.isSettled) this.#world.violated('everyone comes to rest', 'late')
    return late
  }

  /** Everyone leaves, the log is shortened, and the document is the same. */
  async #checkAfterRest(): Promise<void> {
    const before = buildStored(this.#world, this.#disk.stored ?? { base: undefined, tail: [] })
    for (const { page } of this.#people) page.close({ isSudden: false })
    this.#server.dropAll()
    await this.#world.run(10_000)
    const after = buildStored(this.#world, this.#disk.stored ?? { base: undefined, tail: [] })
    compare(this.#world, viewOf('the disk at rest', after), viewOf('the disk', before))
  }
}

export { documentName }
