/** Somebody at a page: types in bursts, connected or not, loses the connection, closes the laptop, loads the page anew. */
import type { Role } from '@quire/protocol'
import { edit, pasteMuch, type Hand } from './edits.ts'
import { Page, type Surroundings } from './page.ts'
import type { Quality } from './wire.ts'

export interface Traits {
  readonly name: string
  readonly role: Role
  readonly speaksQuire: boolean
  /** Equal for two tabs of one person. */
  readonly principal: string
  readonly quality: Quality
  /** Between two bursts of typing. */
  readonly restMs: number
  /** Between two things that go wrong or that they do to their page. */
  readonly troubleMs: number
  readonly pastesMuch: boolean
  /** Another tab in the same browser. */
  readonly sibling?: () => Person | undefined
}

const troubles = { cut: 40, offline: 20, reload: 15, lag: 25, leave: 0 } as const
/** Somebody with another tab may close this one for good: what only they two knew is in the other then. */
const troublesOfTwo = { ...troubles, leave: 8 } as const

export class Person {
  readonly traits: Traits
  /** Every page they ever had, the last of which is open. */
  readonly pages: Page[] = []
  readonly #around: Surroundings
  readonly #hand: Hand
  #isActive = true
  #isGone = false
  #shown = 0

  constructor(around: Surroundings, traits: Traits) {
    this.#around = around
    this.traits = traits
    this.#hand = { chance: around.world.chance, letters: around.letters, caret: 0 }
    this.#openPage()
  }

  get page(): Page {
    const page = this.pages.at(-1)
    if (!page) throw new Error('a person has a page from the start')
    return page
  }

  /** Has closed the page for good. */
  get isGone(): boolean {
    return this.#isGone
  }

  begin(): void {
    this.#around.world.after(this.#around.world.chance.wait(500), () => this.page.goOnline())
    if (this.traits.role !== 'view') this.#typeLater()
    this.#troubleLater()
    this.#showLater()
  }

  /** Does nothing more, and is back online. */
  rest(): void {
    this.#isActive = false
    this.page.goOnline()
  }

  /** Shows the others something new. */
  show(): string {
    const state = JSON.stringify({ by: this.page.clientId, shown: ++this.#shown })
    this.page.show(state)
    return state
  }

  #openPage(): void {
    const { name, role, speaksQuire, principal, quality, sibling } = this.traits
    const { world, honestIds } = this.#around
    let clientId: number
    do clientId = world.chance.below(2 ** world.chance.pick([8, 16, 32]))
    while (honestIds.has(clientId))
    const page = new Page(this.#around, {
      visitor: { name, role, speaksQuire, principal, isHonest: true },
      clientId,
      quality,
      ...(sibling && { sibling: () => sibling()?.page }),
    })
    this.pages.push(page)
    world.note(name, 'opens a page,', clientId)
  }

  #typeLater(): void {
    const { world } = this.#around
    this.#later(this.traits.restMs, () => {
      const size = world.chance.between(1, 6)
      for (let index = 0; index < size; index++)
        world.after(index * world.chance.below(40), () => this.#type())
      this.#typeLater()
    })
  }

  #type(): void {
    if (!this.#isActive || this.page.isClosed) return
    if (this.traits.pastesMuch && this.#around.world.chance.oneIn(8)) pasteMuch(this.page.doc)
    else edit(this.page.doc, this.#hand)
  }

  #showLater(): void {
    this.#later(4000, () => {
      this.show()
      this.#showLater()
    })
  }

  #troubleLater(): void {
    this.#later(this.traits.troubleMs, () => {
      this.#trouble()
      this.#troubleLater()
    })
  }

  #trouble(): void {
    const { world } = this.#around
    const kind = world.chance.weighed(this.traits.sibling ? troublesOfTwo : troubles)
    world.note(this.traits.name, kind)
    switch (kind) {
      case 'cut':
        world.count('cuts')
        this.#cut()
        break
      case 'offline':
        this.#goOffline()
        break
      case 'reload':
        world.count('reloads')
        this.#reload()
        break
      case 'leave':
        this.#leave()
        break
      case 'lag':
        world.count('lags')
        this.page.lag(world.chance.oneIn(6) ? world.chance.between(20_000, 45_000) : world.chance.wait(3000))
        break
    }
  }

  /** Both sides may learn of it at once, or either only when it has waited in vain. */
  #cut(): void {
    const { chance } = this.#around.world
    const soon = chance.wait(50)
    this.page.cut({
      clientAfterMs: chance.oneIn(4) ? chance.between(3000, 30_000) : soon,
      serverAfterMs: chance.oneIn(3) ? chance.between(1000, 50_000) : soon,
    })
  }

  #goOffline(): void {
    const { page } = this
    const { world } = this.#around
    if (world.chance.oneIn(2)) this.#cut()
    page.goOffline()
    // Now and then for longer than their client id is theirs alone.
    const forMs = world.chance.oneIn(5) ? world.chance.between(25_000, 40_000) : world.chance.wait(4000)
    world.after(forMs, () => {
      if (this.#isActive) page.goOnline()
    })
  }

  /** What the old page had not saved is gone, or not, as chance will have it. */
  #reload(): void {
    const { world } = this.#around
    this.page.close({ isSudden: world.chance.oneIn(3) })
    world.after(world.chance.wait(800), () => {
      if (!this.page.isClosed) return
      this.#openPage()
      this.page.goOnline()
    })
  }

  /** Offline first, so that there is something that only the other tab knows. */
  #leave(): void {
    const { world } = this.#around
    const { page } = this
    page.goOffline()
    world.after(world.chance.wait(3000), () => {
      if (!this.#isActive || page.isClosed) return
      this.#isActive = false
      this.#isGone = true
      page.close({ isSudden: world.chance.oneIn(3) })
    })
  }

  #later(meanMs: number, act: () => void): void {
    const { world } = this.#around
    world.after(1 + world.chance.wait(meanMs), () => {
      if (this.#isActive) act()
    })
  }
}
