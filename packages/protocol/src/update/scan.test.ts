import * as fc from 'fast-check'
import * as encoding from 'lib0/encoding'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { limits } from '../limits.ts'
import { hex } from '../testing/hex.ts'
import { refusalOf, truncations } from '../testing/refusal.ts'
import { docOf, everyEdit, play, scripts, vectorOf } from '../testing/writers.ts'
import { Ledger } from './ledger.ts'
import { eachDeleted, scan, structsOf } from './scan.ts'
import { none } from './struct-reader.ts'

const refused = (update: Uint8Array): void => expect(refusalOf(() => scan(update))).toBe('update-malformed')

/** What a script leaves: the updates on their way, and the whole state of every writer. */
function updatesOf(script: Parameters<typeof play>[0]): Uint8Array[] {
  const { docs, updates } = play(script)
  return [...updates, ...docs.map((doc) => Y.encodeStateAsUpdate(doc))]
}

/** An update of one client that holds the structs written by `write`, and no deletes. */
function updateOf(
  { client = 1, clock = 0, count = 1 }: { client?: number; clock?: number; count?: number },
  write: (encoder: encoding.Encoder) => void,
): Uint8Array {
  return encoding.encode((encoder) => {
    for (const number of [1, count, client, clock]) encoding.writeVarUint(encoder, number)
    write(encoder)
    encoding.writeVarUint(encoder, 0)
  })
}

const info = { gc: 0, json: 2, embed: 5, any: 8, document: 9, skip: 10 } as const

/** A struct that is only a run of clocks. */
function run(kind: 'gc' | 'skip', length: number): (encoder: encoding.Encoder) => void {
  return (encoder) => {
    encoding.writeUint8(encoder, info[kind])
    encoding.writeVarUint(encoder, length)
  }
}

/** An item in the root `x`. */
function item(
  content: number,
  write: (encoder: encoding.Encoder) => void,
): (encoder: encoding.Encoder) => void {
  return (encoder) => {
    encoding.writeUint8(encoder, content)
    encoding.writeVarUint(encoder, 1)
    encoding.writeVarString(encoder, 'x')
    write(encoder)
  }
}

function firstStruct(update: Uint8Array): object {
  const { bytes, runs } = scan(update)
  if (!runs[0]) throw new Error('the update has no structs')
  const struct = structsOf(bytes, runs[0])
  struct.next()
  const { clock, length } = struct
  const dependencies = [
    [struct.originClient, struct.originClock],
    [struct.rightClient, struct.rightClock],
    [struct.parentClient, struct.parentClock],
  ]
  return {
    clock,
    length,
    dependencies: dependencies.filter(([client]) => client !== none).map((id) => id.join(':')),
  }
}

describe('a scan', () => {
  it('sees of a document, whatever is in it, the clocks and the deletions that Yjs sees', () => {
    const agrees = (script: Parameters<typeof play>[0]): void => {
      for (const doc of play(script).docs) {
        const ledger = new Ledger()
        const scanned = scan(Y.encodeStateAsUpdate(doc))
        ledger.add(scanned)
        expect(ledger.stateVector).toEqual(vectorOf(doc))
        const deleted = new Map(
          scanned.deletions.map((part) => {
            const ranges: { clock: number; length: number }[] = []
            eachDeleted(scanned.bytes, part, (clock, length) => ranges.push({ clock, length }))
            return [part.client, ranges] as const
          }),
        )
        const theirs = [...Y.snapshot(doc).ds.clients].map(
          ([client, ranges]) => [client, ranges.map(({ clock, len }) => ({ clock, length: len }))] as const,
        )
        expect(deleted).toEqual(new Map(theirs))
      }
    }
    agrees(everyEdit)
    fc.assert(fc.property(scripts, agrees), { numRuns: 50 })
  })

  it('sees the neighbours and the parent on which a struct builds', () => {
    const doc = new Y.Doc()
    doc.clientID = 1
    const updates: Uint8Array[] = []
    doc.on('update', (update) => updates.push(update))
    const text = doc.getText('content')
    text.insert(0, 'ac')
    text.insert(1, 'b')
    doc.getMap('map').set('nested', new Y.Text())
    const nested = doc.getMap('map').get('nested') as Y.Text // set on the line before
    nested.insert(0, 'x')
    expect(updates.map(firstStruct)).toEqual([
      { clock: 0, length: 2, dependencies: [] },
      { clock: 2, length: 1, dependencies: ['1:0', '1:1'] },
      { clock: 3, length: 1, dependencies: [] },
      { clock: 4, length: 1, dependencies: ['1:3'] },
    ])
  })

  it('leaves out what is skipped and what deletes nothing', () => {
    expect(scan(hex('01 01 01 00 0a 05 00')).runs).toEqual([])
    expect(scan(hex('01 03 01 00 00 02 0a 05 00 01 00')).runs).toEqual([
      { client: 1, clock: 0, end: 2, count: 1, from: 4, to: 6, stops: [] },
      { client: 1, clock: 7, end: 8, count: 1, from: 8, to: 10, stops: [] },
    ])
    const { bytes, deletions } = scan(hex('00 01 01 02 00 00 05 01'))
    const deleted: number[][] = []
    for (const part of deletions) eachDeleted(bytes, part, (...range) => deleted.push(range))
    expect(deleted).toEqual([[5, 1]])
  })

  it('finds nothing in an empty update', () =>
    expect(scan(hex('00 00'))).toMatchObject({ runs: [], deletions: [] }))
})

describe('an update', () => {
  it('S2: is refused when cut off anywhere', () => {
    for (const update of updatesOf(everyEdit)) truncations(update).forEach(refused)
    fc.assert(
      fc.property(scripts, (script) => {
        for (const update of updatesOf(script)) truncations(update).forEach(refused)
      }),
      { numRuns: 10 },
    )
  })

  it('S2: is refused with bytes after its end', () => {
    fc.assert(
      fc.property(scripts, fc.uint8Array({ minLength: 1, maxLength: 4 }), (script, rest) => {
        for (const update of updatesOf(script)) refused(Uint8Array.of(...update, ...rest))
      }),
      { numRuns: 20 },
    )
  })

  it('S2: is refused in Yjs’s V2 format, which V1 would read as nothing', () => {
    refused(Y.encodeStateAsUpdateV2(new Y.Doc()))
    fc.assert(
      fc.property(scripts, (script) => {
        for (const doc of play(script).docs) refused(Y.encodeStateAsUpdateV2(doc))
      }),
      { numRuns: 50 },
    )
  })

  it('is refused as the peer’s fault, or is another update, after any change', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(scripts, changes, (script, changed) => {
        for (const original of updatesOf(script)) {
          const update = original.slice()
          for (const [at, byte] of changed) update[at % update.length] = byte
          refusalOf(() => scan(update))
        }
      }),
      { numRuns: 50 },
    )
  })

  it.each([
    ['of an unknown kind', hex('01 01 01 00 0b 01 01 78 00')],
    ['with a skip that is written as an item', hex('01 01 01 00 8a 01 00 01 00')],
    ['without clocks', hex('01 01 01 00 00 00 00')],
    ['with an empty text', hex('01 01 01 00 04 01 01 78 00 00')],
    ['with text that is not UTF-8', hex('01 01 01 00 04 01 01 78 02 c0 af 00')],
    ['with an embed that is not JSON', hex('01 01 01 00 05 01 01 78 01 7b 00')],
    ['with bytes that reach past the end', hex('01 01 01 00 03 01 01 78 7f 00')],
  ])('S2: is refused when it holds a struct %s', (_what, update) => refused(update))

  it('S2: is refused when a sub-document’s options would replace its guid, or how it collects garbage', () => {
    const subDocument = (options: Parameters<typeof encoding.writeAny>[1]): Uint8Array =>
      updateOf(
        {},
        item(info.document, (encoder) => {
          encoding.writeVarString(encoder, 'guid')
          encoding.writeAny(encoder, options)
        }),
      )
    expect(
      refusalOf(() => scan(subDocument({ gc: false, autoLoad: true, meta: { guid: {} } }))),
    ).toBeUndefined()
    refused(subDocument({ gcFilter: true }))
    const guid = { guid: { toString: null } }
    refused(subDocument(guid))
    // No document that has taken it in can be written.
    const doc = docOf([subDocument(guid)])
    expect(() => Y.encodeStateAsUpdate(doc)).toThrow(TypeError)
  })

  it('S2: is refused when it claims more structs than it holds; nothing is set aside for the claim', () => {
    const claims = ['01 80 80 80 10 01 00', '01 ff ff ff ff ff ff ff 0f 01 00', 'ff ff ff ff ff ff ff 0f']
    for (const claim of claims) refused(hex(claim))
    refused(hex('00 01 01 ff ff ff ff ff ff ff 0f 00 01'))
  })

  it('S2: is refused when it lists a client twice, since Yjs would keep only the last list', () => {
    const twice = '01 01 00 04 01 01 78 01 61'
    expect(refusalOf(() => scan(hex(`01 ${twice} 00`)))).toBeUndefined()
    refused(hex(`02 ${twice} 01 01 01 84 01 00 01 61 00`))
    refused(hex(`02 ${twice} 00 01 00 00`))
    const doc = new Y.Doc()
    Y.applyUpdate(doc, hex(`02 ${twice} 00 01 00 00`))
    expect(vectorOf(doc)).toEqual(new Map())
  })
})

describe('deletions', () => {
  it('S2: are refused when they list a client twice, since each list costs a walk over all that is deleted', () => {
    expect(refusalOf(() => scan(hex('00 02 01 01 00 01 02 01 00 01')))).toBeUndefined()
    refused(hex('00 02 01 01 00 01 01 01 04 01'))
    refused(hex('00 03 01 01 00 01 02 00 01 01 04 01'))
  })
})

describe('a limit of updates', () => {
  it('L7: a clock may reach the limit, and not one further: a run of 2^31 that would silence a client is refused', () => {
    const bomb = updateOf({}, run('gc', 2 ** 31))
    expect(bomb).toHaveLength(11)
    refused(bomb)
    refused(updateOf({}, run('gc', limits.maxClock + 1)))
    refused(updateOf({ clock: limits.maxClock - 1 }, run('gc', 2)))
    expect(scan(updateOf({ clock: limits.maxClock - 1 }, run('gc', 1))).runs).toHaveLength(1)
    expect(scan(updateOf({}, run('gc', limits.maxClock))).runs).toHaveLength(1)
  })

  it('L7: holds for what is skipped and what is deleted as well', () => {
    expect(refusalOf(() => scan(updateOf({}, run('skip', limits.maxClock))))).toBeUndefined()
    refused(updateOf({}, run('skip', limits.maxClock + 1)))
    expect(scan(hex('00 01 01 01 00 ff ff ff ff 07')).deletions).toHaveLength(1)
    refused(hex('00 01 01 01 01 ff ff ff ff 07'))
  })

  it('L10: a client id may be as high as a safe integer, and not one higher', () => {
    const highest = updateOf({ client: Number.MAX_SAFE_INTEGER }, run('gc', 1))
    expect(scan(highest).runs).toMatchObject([{ client: Number.MAX_SAFE_INTEGER }])
    refused(hex('01 01 80 80 80 80 80 80 80 10 00 00 01 00'))
    refused(hex('01 01 ff ff ff ff ff ff ff 80 7f 00 00 01 00'))
  })

  it('L11: a value may be nested as deep as the limit, and not one deeper, as `any` and as JSON', () => {
    const any = (depth: number): Uint8Array =>
      updateOf(
        {},
        item(info.any, (encoder) => {
          encoding.writeVarUint(encoder, 1)
          for (let level = 1; level < depth; level++) encoding.writeUint8Array(encoder, Uint8Array.of(117, 1))
          encoding.writeUint8Array(encoder, Uint8Array.of(117, 0))
        }),
      )
    const embed = (depth: number): Uint8Array =>
      updateOf(
        {},
        item(info.embed, (encoder) =>
          encoding.writeVarString(encoder, '['.repeat(depth) + ']'.repeat(depth)),
        ),
      )
    const oldJson = (depth: number): Uint8Array =>
      updateOf(
        {},
        item(info.json, (encoder) => {
          encoding.writeVarUint(encoder, 1)
          encoding.writeVarString(encoder, '['.repeat(depth) + ']'.repeat(depth))
        }),
      )
    for (const update of [any, embed, oldJson]) {
      expect(refusalOf(() => scan(update(limits.maxValueDepth)))).toBeUndefined()
      refused(update(limits.maxValueDepth + 1))
      refused(update(200_000)) // past every stack
    }
  })
})
