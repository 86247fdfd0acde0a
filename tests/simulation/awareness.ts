/**
 * Presence as y-protocols' Awareness keeps it, rule by rule, on the simulated clock: the original sets timers of
 * its own and reads the time itself. `told` is called with the ids whose entries changed or were renewed.
 */
import { absent, type PresenceEntry } from '@quire/protocol'
import type { World } from './world.ts'

interface Meta {
  clock: number
  lastMs: number
}

/** y-protocols: renewed after half of this, dropped after all of it, looked at every tenth of it. */
const outdatedMs = 30_000

export type Origin = 'local' | 'remote' | 'timeout'

export class SimulatedAwareness {
  readonly clientId: number
  readonly states = new Map<number, string>()
  readonly #meta = new Map<number, Meta>()
  readonly #world: World
  readonly #told: (clientIds: readonly number[], origin: Origin) => void
  #stop: () => void

  constructor(
    world: World,
    options: {
      readonly clientId: number
      readonly told: (clientIds: readonly number[], origin: Origin) => void
    },
  ) {
    this.#world = world
    this.clientId = options.clientId
    this.#told = options.told
    this.#stop = this.#checkLater()
  }

  get localState(): string | undefined {
    return this.states.get(this.clientId)
  }

  setLocalState(state: string | undefined): void {
    const meta = this.#meta.get(this.clientId)
    this.#set(this.clientId, state, meta ? meta.clock + 1 : 0)
    this.#told([this.clientId], 'local')
  }

  entries(clientIds: Iterable<number>): PresenceEntry[] {
    return Array.from(clientIds, (clientId) => ({
      clientId,
      clock: this.#meta.get(clientId)?.clock ?? 0,
      state: this.states.get(clientId) ?? absent,
    }))
  }

  apply(entries: readonly PresenceEntry[]): void {
    const changed: number[] = []
    for (const { clientId, clock, state } of entries) {
      const known = this.#meta.get(clientId)?.clock ?? 0
      const isRemoval = state === absent
      if (known > clock || (known === clock && !(isRemoval && this.states.has(clientId)))) continue
      // Nobody removes our own state: we say that we are here, one clock higher.
      if (isRemoval && clientId === this.clientId && this.localState !== undefined)
        this.#set(clientId, this.localState, clock + 1)
      else this.#set(clientId, isRemoval ? undefined : state, clock)
      changed.push(clientId)
    }
    if (changed.length > 0) this.#told(changed, 'remote')
  }

  /** As y-websocket does with everyone else when it loses its connection. */
  dropOthers(): void {
    this.#drop(
      [...this.states.keys()].filter((clientId) => clientId !== this.clientId),
      'remote',
    )
  }

  /** Quire's session forgets the others' clocks as well, or it would ignore them when it is back. */
  forgetOthers(): void {
    for (const clientId of this.#meta.keys()) if (clientId !== this.clientId) this.#meta.delete(clientId)
  }

  close(): void {
    this.#stop()
  }

  #set(clientId: number, state: string | undefined, clock: number): void {
    if (state === undefined) this.states.delete(clientId)
    else this.states.set(clientId, state)
    this.#meta.set(clientId, { clock, lastMs: this.#world.now() })
  }

  #drop(clientIds: readonly number[], origin: Origin): void {
    for (const clientId of clientIds) this.states.delete(clientId)
    if (clientIds.length > 0) this.#told(clientIds, origin)
  }

  #checkLater(): () => void {
    return this.#world.after(outdatedMs / 10, () => {
      this.#check()
      this.#stop = this.#checkLater()
    })
  }

  #check(): void {
    const nowMs = this.#world.now()
    const own = this.#meta.get(this.clientId)
    if (own && this.localState !== undefined && nowMs - own.lastMs >= outdatedMs / 2)
      this.setLocalState(this.localState)
    const outdated = [...this.#meta].filter(
      ([clientId, { lastMs }]) =>
        clientId !== this.clientId && nowMs - lastMs >= outdatedMs && this.states.has(clientId),
    )
    this.#drop(
      outdated.map(([clientId]) => clientId),
      'timeout',
    )
  }
}
