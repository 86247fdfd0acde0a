/**
 * A process that types as many edits a second as it is told, through many sockets, and knows which of them the server has
 * acknowledged and how long that took. Started by `load.ts`, and spoken to over its channel.
 */
import { assertNever, decodeServerMessage, encodeClientMessage, protocolVersion } from '@quire/protocol'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { FromLoad, LoadOrder, ToLoad } from './load.ts'

const tickMs = 20
/** Past so many that are not acknowledged a writer waits, so that a server that is too slow is loaded as much as it bears. */
const maxWaiting = 500

class Writer {
  acknowledged = 0
  readonly #name: number
  readonly #socket: WebSocket
  readonly #latenciesMs: number[]
  readonly #sentAt: number[] = []
  readonly #text: Y.Text

  constructor(name: number, socket: WebSocket, latenciesMs: number[]) {
    this.#name = name
    this.#socket = socket
    this.#latenciesMs = latenciesMs
    const doc = new Y.Doc()
    this.#text = doc.getText('content')
    doc.on('update', (update: Uint8Array) => socket.send(encodeClientMessage({ type: 'update', update })))
    socket.on('message', (data: Buffer) => {
      const message = decodeServerMessage(data)
      if (message.type === 'saved') this.#saved(message.frames)
    })
  }

  /** One edit for each of `count`, as each would be a key. */
  type(count: number): void {
    for (let edit = 0; edit < count && this.#sentAt.length - this.acknowledged < maxWaiting; edit++) {
      const index = this.#sentAt.push(performance.now()) - 1
      this.#text.insert(this.#text.length, `<${this.#name}:${index}>`)
    }
  }

  end(): void {
    this.#socket.terminate()
  }

  #saved(frames: number): void {
    const now = performance.now()
    for (; this.acknowledged < frames; this.acknowledged++)
      this.#latenciesMs.push(now - (this.#sentAt[this.acknowledged] ?? NaN))
  }
}

async function enter(
  name: number,
  { syncUrl, document, key }: LoadOrder['places'][number],
  latenciesMs: number[],
) {
  const socket = new WebSocket(`${syncUrl}/${document}`, ['quire.1', `quire.token.${key}`])
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.send(
    encodeClientMessage({ type: 'hello', version: protocolVersion, name: 'Ada', guest: `device ${name}` }),
  )
  await new Promise<void>((resolve) => {
    const hear = (data: Buffer): void => {
      if (decodeServerMessage(data).type !== 'welcome') return
      socket.off('message', hear)
      resolve()
    }
    socket.on('message', hear)
  })
  return new Writer(name, socket, latenciesMs)
}

function say(message: FromLoad): void {
  process.send?.(message)
}

async function run({ places, perSecond }: LoadOrder): Promise<void> {
  const latenciesMs: number[] = []
  const asked: number[] = []
  const writers = await Promise.all(places.map((place, name) => enter(name, place, latenciesMs)))
  const startedAt = performance.now()
  let typed = 0
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond) - typed
    typed += due
    for (const [index, writer] of writers.entries()) writer.type(Math.floor((due + index) / writers.length))
    answer()
  }, tickMs)
  const answer = (): void => {
    const acknowledged = writers.map((writer) => writer.acknowledged)
    const total = acknowledged.reduce((sum, count) => sum + count, 0)
    if (total < (asked[0] ?? Infinity)) return
    asked.shift()
    say({ type: 'told', acknowledged, latenciesMs: latenciesMs.splice(0) })
  }
  process.on('message', (message: ToLoad) => {
    switch (message.type) {
      case 'ask':
        asked.push(message.acknowledged)
        answer()
        break
      case 'stop':
        clearInterval(timer)
        for (const writer of writers) writer.end()
        process.disconnect?.()
        break
      default:
        assertNever(message)
    }
  })
  say({ type: 'begun' })
}

process.once('message', (order: LoadOrder) => void run(order))
