/**
 * Updates that nobody's editor would write, but that follow the grammar and mostly build on what is there: so many of
 * them are admitted. Parents that are no types, neighbours in other types, keys in texts, marks in lists, overlaps with
 * known structs of another kind, deletions of anything.
 */
import { assertNever } from '@quire/protocol'
import * as encoding from 'lib0/encoding'
import type { Random } from '../support/random.ts'
import { between, isOneIn, pick, shuffled, text, times, weighted } from './chance.ts'
import { clientIds, roots } from './documents.ts'

type Vector = ReadonlyMap<number, number>

/** Builds on a document with this state vector. */
export function inventedUpdate(known: Vector, random: Random): Uint8Array {
  return new Inventor(known, random).update()
}

const rootNames = [...Object.values(roots), '', '__proto__', 'é🙂']

class Inventor {
  readonly #known: Vector
  readonly #random: Random
  readonly #encoder = encoding.createEncoder()
  /** The next clock of each client whose structs are written. */
  readonly #reach: Map<number, number>
  /** Clients whose structs come in this update, for neighbours that come later in it. */
  readonly #clients: readonly number[]

  constructor(known: Vector, random: Random) {
    this.#known = known
    this.#random = random
    this.#reach = new Map(known)
    const all = [...new Set([...known.keys(), ...clientIds, 1000 + random.below(3)])]
    const chosen = shuffled(random, all).slice(0, isOneIn(random, 2) ? 1 : random.below(4))
    this.#clients = isOneIn(random, 50) ? [...chosen, ...chosen] : chosen
  }

  update(): Uint8Array {
    this.#number(this.#clients.length)
    for (const client of this.#clients) this.#section(client)
    this.#deletions()
    return encoding.toUint8Array(this.#encoder)
  }

  #section(client: number): void {
    const random = this.#random
    const next = this.#known.get(client) ?? 0
    const clock = Math.max(0, next + (isOneIn(random, 5) ? between(random, -6, 1) : 0))
    const structs = times(between(random, isOneIn(random, 20) ? 0 : 1, 5), () => this.#kind())
    this.#number(structs.length)
    this.#number(client)
    this.#number(clock)
    let at = clock
    for (const kind of structs) {
      at += this.#struct(client, at, kind)
      this.#reach.set(client, Math.max(at, this.#reach.get(client) ?? 0))
    }
  }

  #kind(): keyof typeof kinds {
    return weighted(this.#random, {
      garbage: 3,
      deleted: 3,
      json: 3,
      binary: 2,
      string: 14,
      embed: 3,
      format: 6,
      type: 7,
      any: 5,
      document: 2,
      skip: 1,
    })
  }

  /** Returns its length. */
  #struct(client: number, clock: number, kind: keyof typeof kinds): number {
    if (kind === 'garbage' || kind === 'skip') {
      this.#byte(kinds[kind])
      return this.#run()
    }
    this.#head(client, clock, kinds[kind])
    return this.#content(kind)
  }

  #head(client: number, clock: number, kind: number): void {
    const random = this.#random
    const origin = isOneIn(random, 3) ? undefined : this.#neighbour(client, clock)
    const right = isOneIn(random, 3) ? this.#id(client, clock) : undefined
    const hasKey = isOneIn(random, 3)
    this.#byte(kind | (origin ? 0x80 : 0) | (right ? 0x40 : 0) | (hasKey ? 0x20 : 0))
    if (origin) this.#writeId(origin)
    if (right) this.#writeId(right)
    if (origin ?? right) return
    if (isOneIn(random, 3)) {
      this.#number(0)
      this.#writeId(this.#id(client, clock))
    } else {
      this.#number(1)
      this.#string(pick(random, rootNames))
    }
    if (hasKey) this.#string(pick(random, ['a', 'b', 'class', '', '__proto__']))
  }

  #neighbour(client: number, clock: number): Id {
    return clock > 0 && isOneIn(this.#random, 2) ? { client, clock: clock - 1 } : this.#id(client, clock)
  }

  /** Mostly of what is there or comes before; now and then of what comes later, or never. */
  #id(ownClient: number, ownClock: number): Id {
    const random = this.#random
    const known = [...this.#reach.keys()]
    if (isOneIn(random, 12)) return { client: pick(random, this.#clients), clock: random.below(8) }
    if (known.length === 0) return { client: ownClient, clock: Math.max(0, ownClock - 1) }
    const client = pick(random, known)
    const end = client === ownClient ? ownClock : (this.#reach.get(client) ?? 0)
    return { client, clock: isOneIn(random, 60) ? end + random.below(3) : random.below(Math.max(1, end)) }
  }

  #content(kind: Exclude<keyof typeof kinds, 'garbage' | 'skip'>): number {
    const random = this.#random
    switch (kind) {
      case 'deleted':
        return this.#run()
      case 'json':
        return this.#list(() => this.#string(isOneIn(random, 5) ? 'undefined' : this.#json()))
      case 'binary':
        this.#bytes(times(random.below(4), () => random.below(256)))
        return 1
      case 'string': {
        const content = text(random) || (isOneIn(random, 4) ? '' : 'a')
        this.#string(content)
        return content.length
      }
      case 'embed':
        this.#string(this.#json())
        return 1
      case 'format':
        this.#string(pick(random, ['bold', 'link', '', '__proto__']))
        this.#string(this.#json())
        return 1
      case 'type': {
        const type = random.below(7)
        this.#number(type)
        if (type === 3 || type === 5) this.#string(pick(random, ['p', '', '__proto__']))
        return 1
      }
      case 'any':
        return this.#list(() => this.#any())
      case 'document':
        this.#string(pick(random, ['guid', '', 'é']))
        encoding.writeAny(this.#encoder, this.#options())
        return 1
      default:
        return assertNever(kind)
    }
  }

  #options(): { [name: string]: Any } {
    const names = [
      'gc',
      'autoLoad',
      'meta',
      'shouldLoad',
      'collectionid',
      'guid',
      'gcFilter',
      'other',
      'toString',
    ]
    const chosen = names.filter(() => isOneIn(this.#random, 6))
    return Object.fromEntries(chosen.map((name) => [name, pick(this.#random, anys)]))
  }

  #run(): number {
    if (isOneIn(this.#random, 60)) {
      this.#number(0)
      return 0
    }
    const length = isOneIn(this.#random, 40) ? 2 ** between(this.#random, 7, 25) : between(this.#random, 1, 4)
    this.#number(length)
    return length
  }

  #json(): string {
    return pick(this.#random, isOneIn(this.#random, 20) ? brokenJsons : jsons)
  }

  #any(): void {
    if (isOneIn(this.#random, 30))
      encoding.writeUint8Array(this.#encoder, Uint8Array.from(pick(this.#random, oddAnys)))
    else encoding.writeAny(this.#encoder, pick(this.#random, anys))
  }

  #list(write: () => void): number {
    const count = isOneIn(this.#random, 40) ? 0 : between(this.#random, 1, 3)
    this.#number(count)
    times(count, write)
    return count
  }

  #deletions(): void {
    const random = this.#random
    const drawn = isOneIn(random, 2) ? [] : times(between(random, 1, 3), () => this.#clientWithStructs())
    const clients = isOneIn(random, 50) ? drawn : [...new Set(drawn)]
    this.#number(clients.length)
    for (const client of clients) {
      const end = this.#reach.get(client) ?? 0
      this.#number(client)
      const ranges = random.below(4)
      this.#number(ranges)
      for (let range = 0; range < ranges; range++) {
        const clock = random.below(end + 1)
        this.#number(clock)
        this.#number(isOneIn(random, 30) ? random.below(9) : random.below(Math.min(9, end - clock + 1)))
      }
    }
  }

  #clientWithStructs(): number {
    const known = [...this.#reach.keys()]
    return known.length === 0 || isOneIn(this.#random, 40)
      ? pick(this.#random, clientIds)
      : pick(this.#random, known)
  }

  #writeId({ client, clock }: Id): void {
    this.#number(client)
    this.#number(clock)
  }

  #number(value: number): void {
    encoding.writeVarUint(this.#encoder, value)
  }

  #byte(value: number): void {
    encoding.writeUint8(this.#encoder, value)
  }

  #string(value: string): void {
    encoding.writeVarString(this.#encoder, value)
  }

  #bytes(value: readonly number[]): void {
    encoding.writeVarUint8Array(this.#encoder, Uint8Array.from(value))
  }
}

interface Id {
  readonly client: number
  readonly clock: number
}

const kinds = {
  garbage: 0,
  deleted: 1,
  json: 2,
  binary: 3,
  string: 4,
  embed: 5,
  format: 6,
  type: 7,
  any: 8,
  document: 9,
  skip: 10,
} as const

const jsons = [
  'null',
  'true',
  '0',
  '-1.5e-3',
  '1e400',
  '"text"',
  '"\\ud800 \\u0000"',
  ' [1, [2, {}], "🙂"] ',
  '{"a": null, "__proto__": {"b": [1]}}',
  '{"toString": 1, "constructor": {}}',
]

const brokenJsons = [
  '',
  'undefined',
  '"\u0001"',
  '"\\x"',
  '01',
  '1.',
  '.5',
  '+1',
  '- 1',
  '1e',
  'nul',
  '[1,]',
  '[1 2]',
  '{"a": 1,}',
  '{a: 1}',
  '[',
  '1 1',
  '\ufeff1',
  '\u00a01',
]

/** Whole numbers of 53 and 54 bits, one in more bytes than it takes, and tags that no value has. */
const oddAnys = [
  [125, 0xbf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [125, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [125, 0x80, 0x80, 0x00],
  [125, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [115],
  [118, 1, 9, ...Buffer.from('__proto__'), 126],
]

type Any = Parameters<typeof encoding.writeAny>[1]

const anys: readonly Any[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  -(2 ** 31),
  2 ** 40,
  0.5,
  0.1,
  Number.NaN,
  2n ** 60n,
  'text',
  '🙂',
  Uint8Array.of(1, 0, 255),
  [],
  [1, [null, undefined]],
  {},
  { a: { constructor: 1 }, toString: null, meta: 'm' },
]
