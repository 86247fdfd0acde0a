/** A document as far as a room knows it, and the honest updates that somebody may send to it. */
import { admit, Ledger, scan, splice } from '@quire/protocol'
import * as Y from 'yjs'
import type { Random } from '../support/random.ts'
import { hasTraces } from '../support/traces.ts'
import { between, isOneIn, pick, times } from './chance.ts'
import { writtenUpdates } from './documents.ts'
import { inventedUpdate } from './grammar.ts'
import { recordedUpdates, recordings } from './recordings.ts'
import { documentOf, pictureOf, vectorOf } from './yjs.ts'

export interface Scene {
  /** What the room knows, in one update. */
  readonly state: Uint8Array
  readonly vector: ReadonlyMap<number, number>
  readonly picture: string
  /** Do not add to it. */
  readonly ledger: Ledger
  /** What people's editors may send; at least one. */
  readonly honest: readonly Uint8Array[]
  /** Nobody has invented anything in it. */
  readonly isHonest: boolean
}

export function makeScene(random: Random): Scene {
  const updates =
    hasTraces && isOneIn(random, 4) ? tracedUpdates(random) : writtenUpdates(random, between(random, 1, 16))
  const log = updates.slice(0, random.below(updates.length + 1))
  const invented = isOneIn(random, 3) ? inventedState(log, random) : undefined
  const state = invented ?? stateOf(log, random)
  const doc = documentOf([state])
  const vector = vectorOf(doc)
  return {
    state,
    vector,
    picture: pictureOf(doc),
    ledger: Ledger.of([state]),
    honest: honestUpdates(updates, vector, random),
    isHonest: !invented,
  }
}

/** A server keeps what Yjs collected garbage of, or what came as it came. */
function stateOf(log: readonly Uint8Array[], random: Random): Uint8Array {
  return isOneIn(random, 2)
    ? Y.encodeStateAsUpdate(documentOf(log))
    : splice(log.map((update) => scan(update)))
}

/** Nothing, if Yjs fails at it: such things are met in cases of their own. */
function inventedState(log: readonly Uint8Array[], random: Random): Uint8Array | undefined {
  try {
    const state = stateOf(withInventions(log, random), random)
    documentOf([state])
    return state
  } catch {
    return undefined
  }
}

/** Things that only a hostile program writes, in a document of people who go on writing. */
function withInventions(log: readonly Uint8Array[], random: Random): Uint8Array[] {
  const ledger = Ledger.of(log)
  const inventions = times(between(random, 1, 4), () => {
    const admission = admit(inventedUpdate(ledger.stateVector, random), ledger)
    if (admission.type !== 'admitted') return []
    ledger.add(admission.update)
    return [admission.update.bytes]
  })
  return [...log, ...inventions.flat()]
}

/** Single updates, some joined with holes between them, answers to any state vector, and the deletions alone. */
function honestUpdates(
  updates: readonly Uint8Array[],
  known: ReadonlyMap<number, number>,
  random: Random,
): Uint8Array[] {
  const whole = Y.mergeUpdates([...updates])
  const everything = documentOf(updates)
  const some = updates.filter(() => isOneIn(random, 2))
  const vectors = times(2, () => vectorOf(documentOf(updates.slice(0, random.below(updates.length + 1)))))
  return [
    ...updates,
    ...(some.length > 0 ? [Y.mergeUpdates(some)] : []),
    ...vectors.map((vector) => Y.diffUpdate(whole, encodedVector(vector))),
    ...vectors.map((vector) => Y.encodeStateAsUpdate(everything, encodedVector(vector))),
    whole,
    Y.encodeStateAsUpdate(everything),
    Y.encodeStateAsUpdate(everything, encodedVector(known)),
    Y.encodeStateAsUpdate(everything, Y.encodeStateVector(everything)),
  ]
}

export function encodedVector(vector: ReadonlyMap<number, number>): Uint8Array {
  return Y.encodeStateVector(new Map(vector))
}

/** Of each recording, enough to be somewhere in a document and little enough to be there at once. */
const recordedEdits = 4000
let recorded: readonly (readonly Uint8Array[])[] | undefined

/** A few neighbouring keystrokes somewhere in a recording, on top of all before them as one update. */
function tracedUpdates(random: Random): Uint8Array[] {
  recorded ??= recordings.map((name) => recordedUpdates(name, recordedEdits))
  const updates = pick(random, recorded)
  const length = isOneIn(random, 5) ? between(random, 40, 200) : between(random, 1, 40)
  // Rarely far on: a large document is dear to compare.
  const latest = isOneIn(random, 25) ? updates.length - length : 300
  const start = isOneIn(random, 2) ? 0 : random.below(latest)
  const before = start > 0 ? [Y.encodeStateAsUpdate(documentOf(updates.slice(0, start)))] : []
  return [...before, ...updates.slice(start, start + length)]
}
