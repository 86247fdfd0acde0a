/**
 * The gate: is this update new, known, too early, or not to be had at all? It only answers; whoever asked adds
 * what was admitted to the ledger and to the log.
 */
import { ProtocolError, type ProtocolErrorCode } from '../errors.ts'
import { limits } from '../limits.ts'
import { inCausalOrder } from './causal-order.ts'
import type { Ledger } from './ledger.ts'
import { areSeveral, isUnderKey, Keys } from './keys.ts'
import { RangeSet } from './range-set.ts'
import {
  deletedBounds,
  eachDeleted,
  scan,
  structsOf,
  type Run,
  type ScannedUpdate,
  type UpdateBounds,
} from './scan.ts'
import { cut } from './splice.ts'
import { none, type StructReader } from './struct-reader.ts'

export type Admission =
  /** Everything it builds on is known, and it brings something new: if no runs, then deletions only. `update` is what is new of it. */
  | { readonly type: 'admitted'; readonly update: ScannedUpdate }
  /** It brings nothing new, like the answer of a client that is up to date. */
  | { readonly type: 'known' }
  /** It builds on structs nobody has sent yet: for each client, the highest clock that must be known. */
  | { readonly type: 'gap'; readonly missing: ReadonlyMap<number, number> }
  | { readonly type: 'refused'; readonly code: ProtocolErrorCode; readonly reason: string }

/** `bounds`: what one update may hold, if it is not what one message may. */
export function admit(bytes: Uint8Array, ledger: Ledger, bounds: UpdateBounds = limits): Admission {
  try {
    return judge(scan(bytes, bounds), ledger)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { type: 'refused', code: error.code, reason: error.message }
  }
}

function judge(update: ScannedUpdate, ledger: Ledger): Admission {
  const claims = new Claims(update, ledger)
  const isInOrder = claims.checkStructs()
  const deletions = claims.checkDeletions()
  if (claims.missing) return { type: 'gap', missing: claims.missing }
  if (update.hasKeys || ledger.hasKeys) refuseSeveralUnderKey(update, ledger)
  else if (!isInOrder) refuseCircles(update, ledger)
  const isNew = claims.hasNewStructs || deletions.hasNew
  if (!isNew) return { type: 'known' }
  const isAsItWouldBeCut = !claims.hasKnownStructs && !deletions.hasKnown && claims.isDescending
  if (isAsItWouldBeCut) return { type: 'admitted', update }
  return { type: 'admitted', update: scan(cut(update, ledger)) }
}

/** Yjs would wait for such structs for ever. */
function refuseCircles(update: ScannedUpdate, ledger: Ledger): void {
  inCausalOrder(
    update,
    (client) => ledger.nextClock(client),
    () => undefined,
  )
}

/** Unless the update deletes all of them: documents that keep what is deleted (`gc: false`) have such structs. */
function refuseSeveralUnderKey(update: ScannedUpdate, ledger: Ledger): void {
  const keys = new Keys()
  const hasKey = (client: number, clock: number): boolean =>
    clock < ledger.nextClock(client) ? ledger.hasKey(client, clock) : keys.has(client, clock)
  let deleted: ReadonlyMap<number, RangeSet> | undefined
  const nextClock = (client: number): number => ledger.nextClock(client)
  inCausalOrder(update, nextClock, (struct) => {
    const { client } = struct
    const known = ledger.nextClock(client)
    const start = Math.max(struct.clock, known)
    const end = struct.clock + struct.length
    const isValue = isUnderKey(struct, known, hasKey)
    if (isValue) keys.add(client, start, end)
    if (!isValue || !areSeveral(struct)) return
    deleted ??= deletedIn(update)
    if (!deleted.get(client)?.covers(start, end)) throw malformed('several values under one key')
  })
}

function deletedIn({ bytes, deletions }: ScannedUpdate): Map<number, RangeSet> {
  const sets = new Map<number, RangeSet>()
  for (const part of deletions) {
    const set = new RangeSet()
    set.add(deletedBounds(bytes, part))
    sets.set(part.client, set)
  }
  return sets
}

/** What an update says, held against what is known. */
class Claims {
  /** Undefined: nothing is. */
  missing: Map<number, number> | undefined
  hasNewStructs = false
  hasKnownStructs = false
  /** Does it list higher client ids first, as Yjs does? `Y.mergeUpdates` takes that for granted, and loses structs without. */
  isDescending = true
  readonly #update: ScannedUpdate
  readonly #ledger: Ledger
  /** For each client the update brings structs of, the next clock once it is in. */
  readonly #reach = new Map<number, number>()
  /** The same for the structs of runs that were looked at already. Undefined where there is one run: nothing can build on another. */
  #passed: Map<number, number> | undefined

  constructor(update: ScannedUpdate, ledger: Ledger) {
    this.#update = update
    this.#ledger = ledger
    let previous = Infinity
    for (const run of update.runs) {
      if (run.client > previous) this.isDescending = false
      previous = run.client
      const next = this.#reach.get(run.client) ?? ledger.nextClock(run.client)
      if (run.clock > next) this.#lacks(run.client, run.clock - 1)
      if (run.clock < next) this.hasKnownStructs = true
      if (run.end <= next) continue
      this.hasNewStructs = true
      this.#reach.set(run.client, run.end)
    }
  }

  /** Is each struct listed after those it builds on? Notes what is missing. Throws if one builds on itself or its own future. */
  checkStructs(): boolean {
    let isInOrder = true
    for (const run of this.#update.runs) {
      const next = this.#ledger.nextClock(run.client)
      if (run.end > next) isInOrder = this.#checkRun(run, next) && isInOrder
    }
    return isInOrder
  }

  #checkRun(run: Run, known: number): boolean {
    const reader = structsOf(this.#update.bytes, run)
    let isInOrder = true
    for (let index = 0; index < run.count; index++) {
      reader.next()
      if (reader.clock + reader.length <= known) continue
      // One after the other, and all of them, since each may note something missing.
      const origin = this.#checkId(reader, reader.originClient, reader.originClock)
      const right = this.#checkId(reader, reader.rightClient, reader.rightClock)
      const parent = this.#checkId(reader, reader.parentClient, reader.parentClock)
      isInOrder = isInOrder && origin && right && parent
    }
    if (this.#update.runs.length > 1) (this.#passed ??= new Map<number, number>()).set(run.client, run.end)
    return isInOrder
  }

  #checkId(struct: StructReader, client: number, clock: number): boolean {
    if (client === none) return true
    if (client === struct.client) {
      if (clock >= struct.clock) throw malformed('a struct builds on its own future')
      return true
    }
    if (clock < this.#ledger.nextClock(client) || clock < (this.#passed?.get(client) ?? 0)) return true
    if (clock >= (this.#reach.get(client) ?? 0)) this.#lacks(client, clock)
    return false
  }

  checkDeletions(): { readonly hasNew: boolean; readonly hasKnown: boolean } {
    let hasNew = false
    let hasKnown = false
    for (const deletions of this.#update.deletions) {
      const { client } = deletions
      const reach = Math.max(this.#reach.get(client) ?? 0, this.#ledger.nextClock(client))
      let visited = 0
      let end = 0
      eachDeleted(this.#update.bytes, deletions, (clock, length) => {
        visited++
        // As no document writes them: cutting puts them in order.
        if (clock < end) hasKnown = true
        end = clock + length
        if (clock + length > reach) this.#lacks(client, clock + length - 1)
        if (this.#ledger.isDeleted(client, clock, length)) hasKnown = true
        else hasNew = true
      })
      // A range of nothing would wait in every document for ever; cutting leaves it out.
      if (visited < deletions.count) hasKnown = true
    }
    return { hasNew, hasKnown }
  }

  #lacks(client: number, clock: number): void {
    this.missing ??= new Map()
    if (clock > (this.missing.get(client) ?? -1)) this.missing.set(client, clock)
  }
}

function malformed(reason: string): ProtocolError {
  return new ProtocolError('update-malformed', reason)
}
