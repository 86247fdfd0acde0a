/** Somebody with a device and some tabs: types in bursts, and meets whatever befalls tabs, network, device and rights. */
import type { Role } from '@quire/protocol'
import type { Letters } from '../letters.ts'
import type { Server, Visitor } from '../server.ts'
import type { World } from '../world.ts'
import { Device, type StoreWeather } from './device.ts'
import type { Edits } from './edits.ts'
import { Network } from './network.ts'
import type { PersonTraits } from './scenario.ts'
import { Tab } from './tab.ts'

export interface Around {
  readonly world: World
  readonly server: Server
  readonly edits: Edits
  readonly letters: Letters
  readonly isDeviceForgetful: boolean
  readonly setsTitles: boolean
}

const maxTabs = 3

const troubles = {
  cut: 15,
  away: 20,
  lag: 10,
  crash: 14,
  reload: 10,
  open: 8,
  leave: 4,
  switch: 10,
  store: 12,
  token: 3,
  discard: 2,
} as const

export class Person {
  readonly traits: PersonTraits
  readonly device: Device
  /** Every tab there ever was. */
  readonly tabs: Tab[] = []
  readonly #around: Around
  readonly #network: Network
  readonly #visitor: Visitor
  #role: Role = 'edit'
  #isActive = true

  constructor(around: Around, traits: PersonTraits) {
    this.#around = around
    this.traits = traits
    const { world, server, edits } = around
    const { name, keeps } = traits
    this.#network = new Network(world, server, traits.quality)
    const role = (): Role => this.#role
    this.#visitor = {
      name,
      get role() {
        return role()
      },
      speaksQuire: true,
      greets: true,
      principal: name,
      isHonest: true,
    }
    this.device = new Device(
      world,
      { keeps, isForgetful: around.isDeviceForgetful },
      {
        written: (changes) => {
          for (const edit of edits.written(changes))
            if (!edits.isOnDisk(edit)) world.violated('what is called saved is on disk', String(edit))
        },
        forgotten: () => world.violated('no device forgets', name),
      },
    )
    for (let count = 0; count < traits.tabs; count++) this.openTab()
  }

  get alive(): readonly Tab[] {
    return this.tabs.filter(({ isAlive }) => isAlive)
  }

  begin(): void {
    this.#typeLater()
    this.#troubleLater()
    this.#roleLater()
  }

  /** All is well from now on, and whoever was away is back. Rights that are given back come with the next connection. */
  heal(): void {
    this.#isActive = false
    this.#network.comeBack()
    this.device.weather = 'fine'
    this.#role = 'edit'
    for (const tab of this.alive) tab.wake()
    if (this.traits.rolesMs !== undefined) this.#network.cut({ isNoticed: true })
  }

  openTab(): Tab {
    const { world, edits, letters, setsTitles } = this.#around
    const tab = new Tab({
      world,
      edits,
      letters,
      setsTitles,
      device: this.device,
      network: this.#network,
      visitor: this.#visitor,
      name: `${this.traits.name} ${this.tabs.length + 1}`,
    })
    this.tabs.push(tab)
    return tab
  }

  // ——— what they do ———

  #typeLater(): void {
    this.#later(this.traits.restMs, () => {
      const { world } = this.#around
      const { chance } = world
      const tab = this.#anyTab()
      const size = chance.between(1, 5)
      for (let index = 0; index < size; index++)
        world.after(index * chance.below(60), () => {
          if (this.#isActive) tab?.type(chance)
        })
      this.#typeLater()
    })
  }

  #roleLater(): void {
    const { rolesMs } = this.traits
    if (rolesMs === undefined) return
    this.#later(rolesMs, () => {
      this.#role = this.#role === 'edit' ? 'view' : 'edit'
      this.#note('may', this.#role)
      if (this.#role === 'view') this.#around.server.restrict(this.traits.name)
      // Some hear of it only when they come back.
      else if (this.#around.world.chance.oneIn(2)) this.#around.server.lift(this.traits.name)
      this.#roleLater()
    })
  }

  // ——— what befalls them ———

  #troubleLater(): void {
    this.#later(this.traits.troubleMs, () => {
      this.#trouble()
      this.#troubleLater()
    })
  }

  #trouble(): void {
    const { chance } = this.#around.world
    const kind = chance.weighed(troubles)
    this.#around.world.count(`troubles: ${kind}`)
    const tab = this.#anyTab()
    switch (kind) {
      case 'cut':
        this.#note('is cut off')
        this.#network.cut({ isNoticed: !chance.oneIn(3) })
        break
      case 'away':
        // Now and then for longer than their client id is theirs alone.
        this.goAway(chance.oneIn(5) ? chance.between(25_000, 60_000) : chance.wait(5000))
        break
      case 'lag':
        this.#network.lag(chance.wait(3000))
        break
      case 'crash':
        tab?.kill()
        this.#openLater(800)
        break
      case 'reload':
        if (tab) this.#closeTab(tab)
        this.#openLater(300)
        break
      case 'open':
        this.#openLater(0)
        break
      case 'leave':
        if (tab && chance.oneIn(2)) tab.kill()
        else if (tab) this.#closeTab(tab)
        break
      case 'switch':
        this.#switch(tab)
        break
      case 'store':
        this.#changeStore()
        break
      case 'token':
        for (const each of this.alive) each.refresh('a newer token')
        break
      case 'discard':
        if (tab?.session.trouble === 'read-only' && tab.realm.isAwake) tab.discard()
        break
    }
  }

  /** Has no network for so long; typing goes on. */
  goAway(forMs: number): void {
    const { world } = this.#around
    const { chance } = world
    const reach = chance.pick(['refusing', 'silent'] as const)
    this.#note('has no network,', reach)
    this.#network.goAway(reach)
    world.after(forMs, () => {
      if (this.#network.isThere) return
      this.#note('has a network')
      this.#network.comeBack()
      if (chance.oneIn(2)) for (const tab of this.alive) if (tab.realm.isAwake) tab.wake()
    })
  }

  /** The page goes away soon after it said goodbye, or stays for as long as its last writing takes. */
  #closeTab(tab: Tab): void {
    const { world } = this.#around
    tab.close()
    if (world.chance.oneIn(2)) world.after(world.chance.wait(20), () => tab.kill())
  }

  #openLater(meanMs: number): void {
    const { world } = this.#around
    world.after(world.chance.wait(meanMs), () => {
      if (this.#isActive && this.alive.length < maxTabs) this.openTab()
    })
  }

  /** One tab comes before the others, which the browser may put to sleep. */
  #switch(to: Tab | undefined): void {
    if (!to) return
    this.#note('switches to', to.name)
    to.wake()
    for (const other of this.alive)
      if (other !== to && this.#around.world.chance.oneIn(2)) {
        this.#note('leaves asleep', other.name)
        other.realm.sleep()
      }
  }

  #changeStore(): void {
    const { world } = this.#around
    const weather = world.chance.pick<StoreWeather>(['slow', 'full', 'unavailable'])
    this.#note('has a device that is', weather)
    this.device.weather = weather
    world.after(world.chance.wait(6000), () => {
      this.#note('has a device that is', 'fine')
      this.device.weather = 'fine'
    })
  }

  #anyTab(): Tab | undefined {
    const { alive } = this
    return alive.length > 0 ? this.#around.world.chance.pick(alive) : undefined
  }

  #note(what: string, detail = ''): void {
    this.#around.world.note(this.traits.name, what, detail)
  }

  #later(meanMs: number, act: () => void): void {
    const { world } = this.#around
    world.after(1 + world.chance.wait(meanMs), () => {
      if (this.#isActive) act()
    })
  }
}
