/**
 * The known ways to hurt others with a program of one's own and the right to edit. Each gives the frames to send.
 * Deleting what others wrote is not among them: whoever may edit may do that.
 */
import { absent, encodeClientMessage, encodeStateVector, type PresenceEntry } from '@quire/protocol'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { bytes, updateBytes, type Id, type StructList } from './bytes.ts'
import type { Chance } from './chance.ts'
import { mark } from './page.ts'

/** What the attacker has to go by. */
export interface Scene {
  readonly chance: Chance
  /** The document as it has been told. */
  readonly doc: Y.Doc
  /** Somebody else's client id, and the clock they will use next as far as is known. */
  readonly victim: Id
  readonly victimPresenceClock: number
  /** Frames with updates that were seen: others' and its own. */
  readonly seen: readonly Uint8Array[]
  /** A client id that nobody has used. */
  readonly freshId: () => number
}

type Attack = (scene: Scene) => readonly Uint8Array[]

const spoofed = JSON.stringify({ by: mark })

export const attacks = {
  // ——— under somebody else's client id ———

  'garbage at their next clock': ({ victim, chance }) => [
    update(
      updateBytes([{ ...victim, structs: [{ type: 'garbage', length: chance.pick([1, 3, 100, 2 ** 30]) }] }]),
    ),
  ],
  'garbage past every bound at their next clock': ({ victim, chance }) => [
    update(
      updateBytes([{ ...victim, structs: [{ type: 'garbage', length: chance.pick([2 ** 31, 2 ** 40]) }] }]),
    ),
  ],
  'a text at their next clock': ({ victim, chance }) => [
    chance.pick([update, step2])(updateBytes([{ ...victim, structs: [text('theirs')] }])),
  ],
  'a text at a clock they will reach': ({ victim, chance }) => [
    update(
      updateBytes([{ ...victim, clock: victim.clock + chance.between(1, 4), structs: [text('theirs')] }]),
    ),
  ],
  'a text that begins with theirs and goes on': ({ victim }) => [
    update(
      updateBytes([
        { ...victim, clock: Math.max(0, victim.clock - 1), structs: [text('longer than theirs')] },
      ]),
    ),
  ],
  'a gap and a text after their next clock': ({ victim }) => [
    update(updateBytes([{ ...victim, structs: [{ type: 'skip', length: 2 }, text('theirs')] }])),
  ],
  'a text at their next clock beside one of our own': ({ victim, freshId }) => [
    update(
      updateBytes(
        inOrder([
          { client: freshId(), clock: 0, structs: [text('ours')] },
          { ...victim, structs: [text('theirs')] },
        ]),
      ),
    ),
  ],
  'deletions of what they will write': ({ victim, chance }) => [
    update(
      updateBytes([], [{ ...victim, clock: victim.clock + chance.below(3), length: chance.between(1, 50) }]),
    ),
  ],
  'many deletions of what nobody has written': ({ victim, freshId }) => [
    update(
      updateBytes(
        [],
        Array.from({ length: 200 }, (_, index) => ({
          client: index % 2 ? victim.client : freshId(),
          clock: victim.clock + 1000 + 2 * index,
          length: 1,
        })),
      ),
    ),
  ],

  // ——— what cannot be read, or says what cannot be ———

  'a truncated update': (scene) => {
    const whole = ownUpdate(scene)
    return [update(whole.slice(0, scene.chance.below(whole.length)))]
  },
  'structs and a broken set of deletions': (scene) => {
    const whole = ownUpdate(scene)
    return [update(Uint8Array.of(...whole.slice(0, -1), 3, 200, 200))]
  },
  'an array bomb': () => [update(Uint8Array.of(1, 0x80, 0x80, 0x80, 0x10, 7, 0))],
  'bytes of version 2': (scene) => {
    const doc = ownDoc(scene)
    return [update(Y.encodeStateAsUpdateV2(doc))]
  },
  'a client listed twice': ({ freshId }) => {
    const client = freshId()
    return [
      update(
        updateBytes([
          { client, clock: 0, structs: [text('once')] },
          { client, clock: 0, structs: [text('twice')] },
        ]),
      ),
    ]
  },
  'a mutated update': (scene) => {
    const mutated = Uint8Array.from(ownUpdate(scene))
    for (let times = scene.chance.between(1, 3); times > 0; times--)
      mutated[scene.chance.below(mutated.length)] = scene.chance.below(256)
    return [update(mutated)]
  },
  noise: ({ chance }) => [Uint8Array.from({ length: chance.below(40) }, () => chance.below(256))],
  'a deep value': ({ freshId, chance }) => {
    const depth = chance.pick([20, 100, 101, 3000])
    const write = (encoder: encoding.Encoder): void => {
      for (let level = 0; level < depth; level++) {
        encoding.writeUint8(encoder, 117) // an array
        encoding.writeVarUint(encoder, 1)
      }
      encoding.writeUint8(encoder, 126) // null
    }
    return [
      update(
        updateBytes([{ client: freshId(), clock: 0, structs: [{ type: 'value', key: 'deep', write }] }]),
      ),
    ]
  },

  // ——— what never finds its place ———

  'structs with a gap before them': ({ freshId, chance }) => {
    const client = freshId()
    return Array.from({ length: 10 }, (_, index) =>
      update(updateBytes([{ client, clock: 5 + index * chance.between(2, 9), structs: [text('parked')] }])),
    )
  },
  'structs in a circle': ({ freshId }) => {
    const [one, other] = [freshId(), freshId()]
    return [update(updateBytes(inOrder([rightOf(one, other), rightOf(other, one)])))]
  },
  'structs in a circle over two messages': ({ freshId }) => {
    const [one, other] = [freshId(), freshId()]
    return [update(updateBytes([rightOf(one, other)])), update(updateBytes([rightOf(other, one)]))]
  },
  'a struct that builds on itself': ({ freshId }) => {
    const client = freshId()
    return [
      update(
        updateBytes([
          { client, clock: 0, structs: [{ type: 'text', text: 'self', origin: { client, clock: 0 } }] },
        ]),
      ),
    ]
  },

  // ——— what is allowed, in amounts or shapes that nobody needs ———

  'a leap of the clock': ({ freshId, chance }) => {
    const client = freshId()
    const length = chance.pick([2 ** 20, 2 ** 31 - 2, 2 ** 31])
    return [
      update(updateBytes([{ client, clock: 0, structs: [{ type: 'garbage', length }] }])),
      update(updateBytes([{ client, clock: length, structs: [text('far out')] }])),
    ]
  },
  'many client ids': ({ freshId }) => [
    update(
      updateBytes(
        inOrder(Array.from({ length: 30 }, () => ({ client: freshId(), clock: 0, structs: [text('x')] }))),
      ),
    ),
  ],
  'clients out of order': ({ freshId }) => {
    const lists = inOrder(
      [1, 2, 3].map(() => ({ client: freshId(), clock: 0, structs: [text('out of order')] })),
    )
    const [first] = lists
    if (!first) return []
    const onTop: StructList = { ...first, clock: 12, structs: [text('on top')] }
    return [update(updateBytes(lists.toReversed())), update(updateBytes([onTop]))]
  },
  'the same update many times': (scene) => {
    const frame = update(ownUpdate(scene))
    return Array.from({ length: 5 }, () => frame)
  },
  'old updates': ({ seen, chance }) => (seen.length === 0 ? [] : [chance.pick(seen), chance.pick(seen)]),
  'a flood of questions': ({ chance, victim }) =>
    Array.from({ length: 10 }, () =>
      encodeClientMessage({
        type: 'sync-step-1',
        stateVector: encodeStateVector(
          new Map(chance.oneIn(2) ? [] : [[victim.client, chance.pick([0, victim.clock, 2 ** 40])]]),
        ),
      }),
    ),
  'an answer nobody asked for': (scene) => [step2(ownUpdate(scene)), step2(Uint8Array.of(0, 0))],
  'an update that says nothing': () => [update(Uint8Array.of(0, 0))],

  /** Allowed to whoever may edit, and therefore screened out for them. */
  'deletions of all there is': ({ doc }) => {
    const ranges = [...doc.store.clients].map(([client]) => ({
      client,
      clock: 0,
      length: Y.getState(doc.store, client),
    }))
    return [update(updateBytes([], ranges))]
  },

  // ——— presence ———

  'their presence, frozen': (scene) => [presence([spoof(scene, 2 ** 31 - 1)])],
  'their presence, far ahead': (scene) => [presence([spoof(scene, scene.victimPresenceClock + 2 ** 20)])],
  'their presence, at the next clock': (scene) => [presence([spoof(scene, scene.victimPresenceClock + 1)])],
  'their presence, gone': (scene) => [
    presence([{ ...spoof(scene, scene.victimPresenceClock), state: absent }]),
    presence([{ ...spoof(scene, scene.victimPresenceClock + 1), state: absent }]),
  ],
  'presence of many': ({ freshId }) => [
    presence(Array.from({ length: 50 }, () => ({ clientId: freshId(), clock: 1, state: spoofed }))),
  ],
} as const satisfies Readonly<Record<string, Attack>>

export type AttackName = keyof typeof attacks

export const attackNames = Object.keys(attacks) as AttackName[] // the keys of an object that is closed

/** As Yjs writes them: higher client ids first. */
function inOrder(lists: readonly StructList[]): StructList[] {
  return lists.toSorted((a, b) => b.client - a.client)
}

function text(written: string): { readonly type: 'text'; readonly text: string } {
  return { type: 'text', text: written }
}

/** The first struct of `client`, right of the first struct of `other`. */
function rightOf(client: number, other: number): StructList {
  return { client, clock: 0, structs: [{ type: 'text', text: 'o', origin: { client: other, clock: 0 } }] }
}

/** Something a document of our own would send. */
function ownUpdate(scene: Scene): Uint8Array {
  return Y.encodeStateAsUpdate(ownDoc(scene))
}

function ownDoc({ freshId, chance }: Scene): Y.Doc {
  const doc = new Y.Doc({ guid: 'attack' })
  doc.clientID = freshId()
  doc.getText('content').insert(0, 'ours')
  doc.getText('content').insert(chance.below(5), 'too')
  if (chance.oneIn(2)) doc.getMap('meta').set(`key ${chance.below(3)}`, 'ours')
  if (chance.oneIn(2)) doc.getText('content').delete(0, 2)
  return doc
}

function spoof({ victim }: Scene, clock: number): PresenceEntry {
  return { clientId: victim.client, clock, state: spoofed }
}

function update(written: Uint8Array): Uint8Array {
  return sync(2, written)
}

function step2(written: Uint8Array): Uint8Array {
  return sync(1, written)
}

function sync(kind: number, written: Uint8Array): Uint8Array {
  return bytes((encoder) => {
    encoding.writeVarUint(encoder, 0)
    encoding.writeVarUint(encoder, kind)
    encoding.writeVarUint8Array(encoder, written)
  })
}

/** By hand, since clocks past the bounds are among them. */
function presence(entries: readonly PresenceEntry[]): Uint8Array {
  const body = bytes((encoder) => {
    encoding.writeVarUint(encoder, entries.length)
    for (const { clientId, clock, state } of entries) {
      encoding.writeVarUint(encoder, clientId)
      encoding.writeVarUint(encoder, clock)
      encoding.writeVarString(encoder, state)
    }
  })
  return bytes((encoder) => {
    encoding.writeVarUint(encoder, 1)
    encoding.writeVarUint8Array(encoder, body)
  })
}
