/**
 * Somebody who may edit, and who plays every attack there is, from a page that otherwise behaves. They read all the
 * room sends them. What is no attack is screened out as it arrives: writing under an id that is nobody's any more,
 * and deleting what is there, both of which an editor may do.
 */
import { decodeClientMessage, ProtocolError, type ClientMessage } from '@quire/protocol'
import * as Y from 'yjs'
import { attacks, type AttackName, type Scene } from './attacks.ts'
import { Page, type Surroundings } from './page.ts'
import type { Visitor } from './server.ts'
import type { Quality } from './wire.ts'

export interface AdversaryTraits {
  /** A reader has one attack more: to write at all. */
  readonly role: 'edit' | 'view'
  readonly quality: Quality
  readonly speaksQuire: boolean
  readonly restMs: number
  /** Never answers what the server asks. */
  readonly isMute: boolean
  readonly repertoire: readonly AttackName[]
}

const maxSeen = 50

export class Adversary {
  readonly #around: Surroundings
  readonly #traits: AdversaryTraits
  readonly #usedIds = new Set<number>()
  readonly #seen: Uint8Array[] = []
  #page: Page
  #isActive = true

  constructor(around: Surroundings, traits: AdversaryTraits) {
    this.#around = around
    this.#traits = traits
    this.#page = this.#openPage()
  }

  begin(): void {
    this.#page.goOnline()
    this.#attackLater()
  }

  rest(): void {
    this.#isActive = false
    if (this.#around.world.chance.oneIn(2)) this.#page.close({ isSudden: false })
  }

  #attackLater(): void {
    const { world } = this.#around
    world.after(1 + world.chance.wait(this.#traits.restMs), () => {
      if (!this.#isActive) return
      if (this.#page.isOpen) this.#attack()
      else if (this.#page.isRefused) this.#comeBack()
      this.#attackLater()
    })
  }

  #attack(): void {
    const { world } = this.#around
    const victim = this.#pickVictim()
    const name = world.chance.pick(this.#traits.repertoire)
    if (!victim) return
    const scene: Scene = {
      chance: world.chance,
      doc: this.#page.doc,
      victim: { client: victim, clock: Y.getState(this.#page.doc.store, victim) },
      victimPresenceClock: this.#page.awareness.entries([victim])[0]?.clock ?? 0,
      seen: this.#seen,
      freshId: () => this.#freshId(),
    }
    world.count(`attack: ${name}`)
    world.note('adversary', `sends ${name}, victim`, victim)
    for (const frame of attacks[name](scene)) this.#page.sendRaw(frame)
    if (world.chance.oneIn(30))
      this.#page.cut({ clientAfterMs: 10, serverAfterMs: world.chance.below(20_000) })
  }

  #comeBack(): void {
    this.#page.close({ isSudden: true })
    this.#page = this.#openPage()
    this.#page.goOnline()
  }

  #openPage(): Page {
    const visitor: Omit<Visitor, 'clientId' | 'writes'> = {
      name: 'adversary',
      role: this.#traits.role,
      speaksQuire: this.#traits.speaksQuire,
      principal: 'adversary',
      isHonest: false,
      screen: (frame) => this.#isAttack(frame),
    }
    return new Page(this.#around, {
      visitor,
      clientId: this.#freshId(),
      quality: this.#traits.quality,
      isMute: this.#traits.isMute,
      overhears: (frame) => {
        this.#seen.push(frame)
        if (this.#seen.length > maxSeen) this.#seen.shift()
      },
    })
  }

  /** Of those who are here, or were. */
  #pickVictim(): number | undefined {
    const known = [...this.#page.doc.store.clients.keys(), ...this.#page.awareness.states.keys()]
    const victims = known.filter((client) => this.#around.honestIds.has(client))
    const present = victims.filter((client) => this.#around.server.isHeld(client))
    const pool = present.length > 0 ? present : victims
    return pool.length > 0 ? this.#around.world.chance.pick(pool) : undefined
  }

  #freshId(): number {
    let id: number
    do id = this.#around.world.chance.below(2 ** 32)
    while (this.#usedIds.has(id) || this.#around.honestIds.has(id))
    this.#usedIds.add(id)
    if (this.#traits.role === 'view') this.#around.readerIds.add(id)
    return id
  }

  // ——— what counts as sent ———

  #isAttack(frame: Uint8Array): boolean {
    const message = read(frame)
    switch (message?.type) {
      case 'presence':
        return message.entries.every(
          ({ clientId }) => !this.#around.honestIds.has(clientId) || this.#around.server.isPresent(clientId),
        )
      case 'update':
      case 'sync-step-2':
        return this.#isUpdateAttack(message.update)
      default:
        return true
    }
  }

  #isUpdateAttack(update: Uint8Array): boolean {
    if (this.#traits.role === 'view') return true
    const { honestIds, durable, server } = this.#around
    let decoded: ReturnType<typeof Y.decodeUpdate>
    try {
      decoded = Y.decodeUpdate(update)
    } catch {
      return true
    }
    for (const { id, length } of decoded.structs) {
      const isOthers = honestIds.has(id.client) && !durable.reaches(id.client, id.clock + length)
      if (isOthers && !server.isHeld(id.client)) return false
    }
    for (const [client, ranges] of decoded.ds.clients) {
      if (!honestIds.has(client)) continue
      for (const { clock, len } of ranges) {
        const isUnwritten = !durable.reaches(client, clock + 1) && server.isHeld(client)
        if (!isUnwritten && !durable.hasDeleted(client, clock, len)) return false
      }
    }
    return true
  }
}

function read(frame: Uint8Array): ClientMessage | undefined {
  try {
    return decodeClientMessage(frame)
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
