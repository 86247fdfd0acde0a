/** People who type all the time, and how long it takes until the others have it. */
import * as Y from 'yjs'
import type { TestDocument } from './documents.ts'
import type { Random } from './random.ts'
import { quireSubprotocols, RawSocket } from './raw-socket.ts'
import { Replica, yjsDocument } from './replica.ts'

/** An edit each 33 to 100 ms: some fifteen a second. */
const restMs = { least: 33, most: 100 }
const tokenLength = 8

export async function join(room: string, { keys }: TestDocument, doc: Y.Doc) {
  const socket = await RawSocket.open(room, quireSubprotocols(keys.edit))
  await socket.greet()
  return { socket, replica: new Replica(socket, yjsDocument(doc)) }
}

/** How long edits take from one writer's document to another's. */
export class DeliveryWatch {
  readonly #madeAt = new Map<number, number[]>()
  latenciesMs: number[] = []

  /** The clock is the one this client's next struct will have. */
  made(client: number, length: number): void {
    const times = this.#madeAt.get(client) ?? []
    for (let clock = 0; clock < length; clock++) times.push(performance.now())
    this.#madeAt.set(client, times)
  }

  /** Somebody else has this client's edits from one clock to another. */
  arrived(client: number, { from, to }: { from: number; to: number }): void {
    const now = performance.now()
    for (let clock = from; clock < to; clock += tokenLength) {
      const madeAt = this.#madeAt.get(client)?.[clock]
      if (madeAt !== undefined) this.latenciesMs.push(now - madeAt)
    }
  }

  forget(): void {
    this.latenciesMs = []
  }
}

/** Types a word at a place of chance, again and again, and moves a caret with each. */
export class Writer {
  readonly text: Y.Text
  readonly #doc: Y.Doc
  readonly #socket: RawSocket
  readonly #replica: Replica
  readonly #watch: DeliveryWatch
  readonly #random: Random
  #words = 0
  #timer: NodeJS.Timeout | undefined

  static async join(options: {
    room: string
    document: TestDocument
    watch: DeliveryWatch
    random: Random
  }): Promise<Writer> {
    const doc = new Y.Doc()
    const { socket, replica } = await join(options.room, options.document, doc)
    await replica.synced()
    return new Writer({ ...options, doc, socket, replica })
  }

  private constructor(options: {
    doc: Y.Doc
    socket: RawSocket
    replica: Replica
    watch: DeliveryWatch
    random: Random
  }) {
    this.#doc = options.doc
    this.text = options.doc.getText('content')
    this.#socket = options.socket
    this.#replica = options.replica
    this.#watch = options.watch
    this.#random = options.random
    this.#doc.on('update', (update: Uint8Array, _origin, _doc, { local }) => {
      if (local) this.#replica.send(update)
    })
    this.#doc.on('afterTransaction', ({ local, beforeState, afterState }) => {
      if (local) return
      for (const [client, to] of afterState)
        this.#watch.arrived(client, { from: beforeState.get(client) ?? 0, to })
    })
  }

  get typed(): number {
    return this.#words * tokenLength
  }

  start(): void {
    const rest = restMs.least + this.#random.below(restMs.most - restMs.least)
    this.#timer = setTimeout(() => {
      this.#type()
      this.start()
    }, rest)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  saved(): Promise<void> {
    return this.#replica.until(() => this.#replica.unsaved === 0)
  }

  #type(): void {
    const { clientID } = this.#doc
    this.#words++
    this.#watch.made(clientID, tokenLength)
    const place = this.#random.below(this.text.length + 1)
    this.text.insert(place, String(this.#words).padStart(tokenLength))
    const state = JSON.stringify({ caret: place + tokenLength })
    this.#socket.send({ type: 'presence', entries: [{ clientId: clientID, clock: this.#words, state }] })
  }
}

export function describeLatencies(latenciesMs: readonly number[]): string {
  const sorted = latenciesMs.toSorted((a, b) => a - b)
  const percentile = (share: number): string =>
    (sorted[Math.floor((sorted.length - 1) * share)] ?? NaN).toFixed(1)
  return `${sorted.length} deliveries, p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms`
}
