/**
 * Who is here: the latest state of each client id, which connection owns it, and what the others have yet to be
 * told. Presence never touches the log. It knows the wire's habits:
 *
 * - Stock clients send every state they are told of back to the server, so most of what arrives is an echo. Echoes
 *   carry a clock we know, and are dropped before any JSON is parsed.
 * - Who leaves is removed at the *same* clock: clients accept that, and it cannot tie with a return at clock + 1.
 * - Who returns does not raise the clock, so the others would ignore them. Sending them their own removal makes a
 *   y-websocket client announce itself again, one clock higher.
 * - What is shown of a state may differ from what was sent. Its author ignores it under a clock it has used itself, and
 *   a sign of life is told by what was sent.
 */
import { absent, ProtocolError, type PresenceEntry } from '@quire/protocol'

interface Known<Owner> {
  clock: number
  /** As its owner sent it; '' if that is not to be gone by. */
  sent: string
  /** As everyone is told it. */
  state: string
  /** Undefined once they have left; the clock stays, so that late echoes do not bring them back. */
  owner: Owner | undefined
}

/** Ids one connection may own: its own, and those of sibling tabs that speak through it for a moment. */
const maxIdsPerOwner = 4
/** Ids that left and are remembered. Echoes arrive within seconds; this many cannot leave in that time. */
const maxRemembered = 10_000
/** How far one message may move a clock. A client that renews every second for a week moves it less. */
const maxClockStep = 2 ** 20
/** Where a clock may begin: far past any honest one, and far enough from the end that whoever it belongs to can go on. */
const maxFirstClock = 2 ** 30

export interface Received {
  /** What this connection must be told: its own removal, if it came back under a clock the others have seen. */
  readonly reply: readonly PresenceEntry[]
  readonly changed: boolean
  readonly renewed: boolean
}

export class Presence<Owner> {
  readonly #known = new Map<number, Known<Owner>>()
  /** The ids each connection owns. */
  readonly #owned = new Map<Owner, Set<number>>()
  readonly #changed = new Set<number>()
  readonly #renewed = new Set<number>()
  readonly #stamp: (owner: Owner, state: string) => string

  /** `stamp` makes of what an owner sent what everyone is told; throws a `ProtocolError` if it is not a state. */
  constructor(stamp: (owner: Owner, state: string) => string) {
    this.#stamp = stamp
  }

  /** Takes in what `owner` sent. Throws a `ProtocolError` if a state that would count is not one. */
  receive(owner: Owner, entries: readonly PresenceEntry[]): Received {
    const reply: PresenceEntry[] = []
    for (const entry of entries) {
      const known = this.#known.get(entry.clientId)
      if (known?.owner !== undefined && known.owner !== owner) continue
      if (known && entry.clock <= known.clock) {
        if (entry.clock < known.clock && known.owner === owner) continue
        if (entry.state === absent && known.state !== absent) this.#remove(entry.clientId, known)
        else if (entry.state !== absent && known.owner === undefined && this.#isOwnReturn(owner))
          reply.push({ clientId: entry.clientId, clock: Math.max(entry.clock, known.clock), state: absent })
        continue
      }
      this.#accept(owner, entry, known)
    }
    return { reply, changed: this.#changed.size > 0, renewed: this.#renewed.size > 0 }
  }

  /** Everyone `owner` spoke for is gone. */
  leave(owner: Owner): boolean {
    for (const clientId of this.#owned.get(owner) ?? []) {
      const known = this.#known.get(clientId)
      if (known) this.#remove(clientId, known)
    }
    this.#owned.delete(owner)
    return this.#changed.size > 0
  }

  /** Whose state it is that everyone is shown under this id. */
  ownerOf(clientId: number): Owner | undefined {
    return this.#known.get(clientId)?.owner
  }

  /** Somebody's new connection speaks for this id from now on, though the old one is thought to live. */
  handOver(clientId: number, owner: Owner): void {
    const known = this.#known.get(clientId)
    if (!known?.owner || known.owner === owner) return
    this.#owned.get(known.owner)?.delete(clientId)
    known.owner = owner
    known.sent = ''
    this.#own(owner, clientId)
  }

  /** Everyone who is here. */
  everyone(): PresenceEntry[] {
    return this.#entries(this.#known.keys()).filter(({ state }) => state !== absent)
  }

  /** What has changed since this was last asked for. */
  takeChanged(): PresenceEntry[] {
    return this.#take(this.#changed)
  }

  /** Signs of life since this was last asked for: states that are the same under a higher clock. */
  takeRenewed(): PresenceEntry[] {
    return this.#take(this.#renewed)
  }

  /**
   * A connection that owns nothing yet and announces a clock the others have seen is someone who came back. One
   * that owns an id already is repeating what it was told of someone else.
   */
  #isOwnReturn(owner: Owner): boolean {
    return this.#ownedBy(owner) === 0
  }

  #ownedBy(owner: Owner): number {
    return this.#owned.get(owner)?.size ?? 0
  }

  #accept(owner: Owner, { clientId, clock, state }: PresenceEntry, known: Known<Owner> | undefined): void {
    // Whoever has not been here cannot leave, and must not be made unable to come.
    if (!known && (state === absent || clock > maxFirstClock)) return
    if (known && clock > known.clock + maxClockStep)
      throw new ProtocolError('presence-malformed', 'a clock jumps ahead')
    if (known?.owner === owner && known.sent === state) {
      known.clock = clock
      if (!this.#changed.has(clientId)) this.#renewed.add(clientId)
      return
    }
    if (known?.owner === undefined && state !== absent && this.#ownedBy(owner) >= maxIdsPerOwner) return
    const shown = state === absent ? absent : this.#stamp(owner, state)
    this.#forgetOldest()
    if (state === absent) return this.#remove(clientId, { clock, owner: known?.owner })
    this.#known.set(clientId, { clock, sent: state, state: shown, owner })
    this.#own(owner, clientId)
    this.#changed.add(clientId)
    this.#renewed.delete(clientId)
  }

  #own(owner: Owner, clientId: number): void {
    const ids = this.#owned.get(owner) ?? new Set()
    this.#owned.set(owner, ids.add(clientId))
  }

  #remove(clientId: number, { clock, owner }: Pick<Known<Owner>, 'clock' | 'owner'>): void {
    if (owner !== undefined) this.#owned.get(owner)?.delete(clientId)
    this.#known.set(clientId, { clock, sent: absent, state: absent, owner: undefined })
    this.#changed.add(clientId)
    this.#renewed.delete(clientId)
  }

  #forgetOldest(): void {
    if (this.#known.size < maxRemembered) return
    for (const [clientId, known] of this.#known) {
      if (known.owner !== undefined) continue
      this.#known.delete(clientId)
      return
    }
  }

  #take(clientIds: Set<number>): PresenceEntry[] {
    const entries = this.#entries(clientIds)
    clientIds.clear()
    return entries
  }

  #entries(clientIds: Iterable<number>): PresenceEntry[] {
    const entries: PresenceEntry[] = []
    for (const clientId of clientIds) {
      const known = this.#known.get(clientId)
      if (known) entries.push({ clientId, clock: known.clock, state: known.state })
    }
    return entries
  }
}
