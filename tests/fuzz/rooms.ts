/**
 * Many updates on their way into one room: split, joined, repeated and in any order. A room is the gate, what waits before
 * it, and a log; in the end it must know what a document knows that got the same bytes, and hand it on without a loss.
 */
import { admit, cut, divide, Ledger, scan, splice, type Known, type ScannedUpdate } from '@quire/protocol'
import * as Y from 'yjs'
import type { Random } from '../support/random.ts'
import { between, isOneIn, pick, shuffled, times } from './chance.ts'
import { writtenUpdates } from './documents.ts'
import { inventedUpdate } from './grammar.ts'
import { encodedVector } from './scenes.ts'
import {
  deletedBy,
  documentOf,
  isSameVector,
  isSettled,
  newDocument,
  pictureOf,
  structsOf,
  vectorOf,
} from './yjs.ts'

class Room {
  readonly ledger = new Ledger()
  readonly log: ScannedUpdate[] = []
  waiting: Uint8Array[] = []

  receive(update: Uint8Array): void {
    if (this.#take(update) === 'gap') {
      this.waiting.push(update)
      return
    }
    for (let before = Infinity; this.waiting.length < before;) {
      before = this.waiting.length
      this.waiting = this.waiting.filter((early) => this.#take(early) === 'gap')
    }
  }

  #take(update: Uint8Array): string {
    const admission = admit(update, this.ledger)
    if (admission.type === 'admitted') {
      this.ledger.add(admission.update)
      this.log.push(admission.update)
    }
    return admission.type
  }
}

/** What did not hold of one sequence. */
export function runSequence(random: Random): string[] {
  const found: string[] = []
  const updates = writtenUpdates(random, between(random, 2, 16))
  const room = new Room()
  const doc = newDocument()
  for (const update of onTheirWay(updates, random)) {
    room.receive(update)
    Y.applyUpdate(doc, update)
    // Not the other way round: Yjs takes an update apart, and so may have a place for all where whole ones wait for each other.
    if (room.waiting.length === 0 && !isSettled(doc)) found.push('nothing waits, but Yjs waits')
  }
  // In the end everybody is told everything.
  const everything = splice(updates.map((update) => scan(update)))
  room.receive(everything)
  Y.applyUpdate(doc, everything)
  if (room.waiting.length > 0) found.push('something waits for ever')
  if (!isSameVector(room.ledger.stateVector, vectorOf(doc))) found.push('another state vector')
  if (!isSameDocument(documentOf(room.log.map(({ bytes }) => bytes)), doc)) found.push('another document')
  found.push(...afterSplicing(room.log, doc, random), ...afterCutting(room.log, doc, updates, random))
  return found
}

/** The same with somebody among them who invents: nothing may be lost of it either, whatever it looks like. */
export function runHostileSequence(random: Random): string[] {
  const found: string[] = []
  const updates = writtenUpdates(random, between(random, 2, 10))
  const room = new Room()
  for (const update of onTheirWay(updates, random)) {
    room.receive(update)
    if (isOneIn(random, 2)) room.receive(inventedUpdate(room.ledger.stateVector, random))
  }
  const log = room.log.map(({ bytes }) => bytes)
  const spliced = splice(room.log)
  const maxBytes = between(random, 1, 200)
  for (const updatesTogether of [log, [spliced], [...divide(scan(spliced), maxBytes)]]) {
    const doc = newDocument()
    try {
      for (const update of updatesTogether) {
        Y.applyUpdate(doc, update)
        if (!isSettled(doc)) found.push('hostile, and Yjs waits')
      }
    } catch (error) {
      found.push(`hostile, and Yjs throws ${String(error)}`)
      continue
    }
    if (!isSameVector(room.ledger.stateVector, vectorOf(doc))) found.push('hostile, and another state vector')
  }
  return found
}

function onTheirWay(updates: readonly Uint8Array[], random: Random): Uint8Array[] {
  const whole = Y.mergeUpdates([...updates])
  const several = (): Uint8Array[] => updates.filter(() => isOneIn(random, 3))
  const upTo = (): ReadonlyMap<number, number> =>
    vectorOf(documentOf(updates.slice(0, random.below(updates.length))))
  if (updates.length === 0) return []
  const sent = [...updates, ...times(random.below(4), () => pick(random, updates))]
  for (let left = random.below(4); left > 0; left--) {
    const some = several()
    if (some.length > 0) sent.push(Y.mergeUpdates(some))
    if (isOneIn(random, 2)) sent.push(Y.diffUpdate(whole, encodedVector(upTo())))
    if (isOneIn(random, 2)) sent.push(Y.encodeStateAsUpdate(documentOf(several())))
  }
  // Some are never sent.
  const kept = sent.filter(() => !isOneIn(random, 8))
  return isOneIn(random, 3) ? kept : shuffled(random, kept)
}

function afterSplicing(log: readonly ScannedUpdate[], doc: Y.Doc, random: Random): string[] {
  const bytes = log.map((update) => update.bytes)
  const at = random.below(log.length + 1)
  const inParts = splice([splice(log.slice(0, at)), splice(log.slice(at))].map((part) => scan(part)))
  const found: string[] = []
  for (const spliced of [splice(log), inParts]) {
    if (!isSameDocument(documentOf([spliced]), doc)) found.push('spliced it is another document')
    if (bytes.length > 0 && structsOf(spliced).join() !== structsOf(Y.mergeUpdates(bytes)).join())
      found.push('spliced otherwise than Yjs merges')
  }
  return found
}

/** Someone comes back who has been away. */
function afterCutting(
  log: readonly ScannedUpdate[],
  doc: Y.Doc,
  updates: readonly Uint8Array[],
  random: Random,
): string[] {
  const found: string[] = []
  const whole = splice(log)
  const joiner = documentOf(updates.slice(0, random.below(updates.length + 1)))
  const vector = vectorOf(joiner)
  const missing = cut(scan(whole), whoHas(vector))
  if (structsOf(missing).join() !== structsOf(Y.diffUpdate(whole, encodedVector(vector))).join())
    found.push('cut otherwise than Yjs cuts')
  const maxBytes = between(random, 1, 200)
  for (const part of divide(scan(missing), maxBytes)) {
    Y.applyUpdate(joiner, part)
    if (!isSettled(joiner)) found.push('divided, and a part waits')
  }
  if (!isSameDocument(joiner, doc)) found.push('divided it is another document')
  return found
}

function whoHas(vector: ReadonlyMap<number, number>): Known {
  return { nextClock: (client) => vector.get(client) ?? 0, isDeleted: () => false }
}

function isSameDocument(one: Y.Doc, other: Y.Doc): boolean {
  return (
    isSettled(one) &&
    isSameVector(vectorOf(one), vectorOf(other)) &&
    Y.equalDeleteSets(deletedBy(one), deletedBy(other)) &&
    pictureOf(one) === pictureOf(other)
  )
}
