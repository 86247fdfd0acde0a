/**
 * Many people typing in one document, for a measurement: a process of its own. All are played with one Yjs document, twenty-five
 * of them on a connection, since a hundred connections would keep a machine busier than what is measured, and the page would
 * not get what it needs of it; to the page, they are as many clients and carets, and as many edits.
 *
 *     node bench/crowd/typists.ts <url of the room> <count> <edits of each a second> [token]
 *
 * With a token it speaks `quire.1`, otherwise what y-websocket does. Says "here" once everyone is in the room, begins to
 * type with the first line on its input, and ends with its input.
 */
import {
  decodeServerMessage,
  encodeClientMessage,
  protocolVersion,
  subprotocol,
  tokenSubprotocolPrefix,
  type ClientMessage,
} from '@quire/protocol'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { crowdedText } from './text.ts'

const [url = '', count = '0', rate = '0', token] = process.argv.slice(2)
const colours = ['#30bced', '#6eeb83', '#ffbc42', '#ee6352', '#9ac2c9', '#8acb88', '#1be7ff']
/** Before anyone types more than a few words in one place, as people who write together do. */
const keysInAPlace = 40
/** The server sends everything to each connection: with more of them it would take from the page what is to be measured. */
const onALine = 25

const doc = new Y.Doc()
const text = doc.getText('content')

/** By which some of them are connected. */
class Line {
  readonly #name: string
  readonly #socket: WebSocket

  constructor(name: string) {
    this.#name = name
    this.#socket = new WebSocket(
      url,
      token === undefined ? [] : [subprotocol, tokenSubprotocolPrefix + token],
    )
  }

  async enter(): Promise<void> {
    await once(this.#socket, 'open')
    if (token !== undefined)
      this.say({ type: 'hello', version: protocolVersion, name: this.#name, guest: `guest ${this.#name}` })
    this.say({ type: 'sync-step-1', stateVector: Y.encodeStateVector(doc) })
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#socket.on('message', (frame: Buffer) => {
      const message = decodeServerMessage(frame)
      if (message.type === 'sync-step-1') this.say({ type: 'sync-step-2', update: nothing })
      if (message.type === 'sync-step-2' || message.type === 'update') Y.applyUpdate(doc, message.update)
      if (message.type === 'sync-step-2') resolve()
    })
    await promise
  }

  /** From now on nobody reads: what others type is in the one document already. The bytes are still taken off the network. */
  stopReading(): void {
    const { _socket: wire } = this.#socket as unknown as { readonly _socket: Socket } // of `ws`, which does not say so
    wire.removeAllListeners('data')
    wire.on('data', () => undefined)
  }

  say(message: ClientMessage): void {
    this.#socket.send(encodeClientMessage(message))
  }
}

class Typist {
  readonly #line: Line
  readonly #clientId: number
  readonly #user: object
  #clock = 0
  #keys = 0
  #place: Y.RelativePosition | undefined

  constructor(line: Line, index: number) {
    this.#line = line
    this.#clientId = 1000 + index
    this.#user = { name: `Typist ${index}`, color: colours[index % colours.length] }
  }

  press(): void {
    let place = this.#place && Y.createAbsolutePositionFromRelativePosition(this.#place, doc)?.index
    if (place === undefined || this.#keys++ % keysInAPlace === 0)
      place = Math.floor(Math.random() * (text.length + 1))
    const at = place
    // Yjs asks whose edit it is when it is made.
    doc.clientID = this.#clientId
    doc.once('update', (update: Uint8Array) => this.#line.say({ type: 'update', update }))
    text.insert(at, this.#keys % 6 === 0 ? ' ' : 'e')
    this.#place = Y.createRelativePositionFromTypeIndex(text, at + 1)
    const cursor = { anchor: this.#place, head: this.#place }
    const state = JSON.stringify({ user: this.#user, cursor })
    this.#line.say({ type: 'presence', entries: [{ clientId: this.#clientId, clock: ++this.#clock, state }] })
  }

  write(words: string): void {
    doc.clientID = this.#clientId
    doc.once('update', (update: Uint8Array) => this.#line.say({ type: 'update', update }))
    text.insert(0, words)
  }
}

const nothing = Y.encodeStateAsUpdate(new Y.Doc())
const lines = Array.from(
  { length: Math.ceil(Number(count) / onALine) },
  (_, index) => new Line(`Line ${index}`),
)
const everyone = lines.flatMap((line, index) =>
  Array.from({ length: onALine }, (_, place) => new Typist(line, index * onALine + place)),
)
await Promise.all(lines.map((line) => line.enter()))
if (text.length === 0) everyone[0]?.write(crowdedText)
console.log('here')
const input = createInterface(process.stdin)
input.once('line', () => {
  for (const line of lines) line.stopReading()
  const gapMs = 1000 / Number(rate)
  for (const [index, typist] of everyone.entries())
    setTimeout(() => setInterval(() => typist.press(), gapMs), (gapMs * index) / everyone.length)
})
input.once('close', () => process.exit())
