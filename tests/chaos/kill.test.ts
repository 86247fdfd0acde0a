/**
 * `kill -9`, again and again, while people type. What a client was shown as saved is there when the server is back,
 * before any client has had a chance to bring it again; and in the end everything is there, once.
 */
import { Agent, type ClientRequestArgs } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as passed } from 'node:timers/promises'
import type { DocumentSession } from '@quire/editor/session'
import { expect, it } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import { createDocument, readText } from '../support/documents.ts'
import { spawnServer } from '../support/quire-process.ts'
import { chosenSeed, seededRandom, type Random } from '../support/random.ts'
import { openSession, untilLive, untilSaved } from '../support/session.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilSession, untilText } from '../support/until.ts'
import { dose } from '../support/dose.ts'
import { expectOnce } from '../support/tokens.ts'

const kills = dose({ variable: 'QUIRE_KILLS', usual: 50, small: 5 })
const typists = 8
/** The moment of the plug being pulled, counted from when everyone is connected. */
const maxLifeMs = 400
/** Between two of a typist's tokens: some of a connection's edits are on their way at any moment. */
const maxRestMs = 100
/** What a typist adds to what was under way when the server went: however long it is away, the text grows no further. */
const tokensOffline = 4
const seed = chosenSeed()

it(
  `nothing shown as saved is lost to ${kills} × kill -9, and nothing is there twice (seed ${seed})`,
  { timeout: 600_000 },
  async () => {
    const random = seededRandom(seed)
    const folder = temporaryFolder()
    const server = await spawnServer(folder)
    const document = await createDocument(server.url)
    const door = new Door()
    const everyone = await Promise.all(
      Array.from({ length: typists }, async (_, name) => {
        const Socket = door.Socket
        const session = await openSession({ syncUrl: server.syncUrl, document, name: String(name), Socket })
        return new Typist({ name, session, random: seededRandom(seed + 1 + name) })
      }),
    )

    for (let kill = 0; kill < kills; kill++) {
      await passed(random.below(maxLifeMs))
      door.shut()
      await server.kill('SIGKILL')
      // Everything the server ever said has arrived once the sockets are closed.
      await Promise.all(
        everyone.map(({ session }) => untilSession(session, () => session.state.type === 'offline')),
      )
      const shownAsSaved = everyone.flatMap((typist) => typist.shownAsSaved())
      await server.restart()
      expectOnce(shownAsSaved, await readText(server.url, document))
      door.open()
      await Promise.all(everyone.map(({ session }) => untilLive(session)))
    }

    for (const typist of everyone) typist.stop()
    await Promise.all(everyone.map(({ session }) => untilSaved(session)))
    const text = await readText(server.url, document)
    await Promise.all(everyone.map(({ session }) => untilText(session.text, text)))
    const typed = everyone.flatMap((typist) => typist.typed())
    expectOnce(typed, text)
    expect(text).toHaveLength(typed.join('').length)
    console.log(`${kills} kills, ${typed.length} tokens typed by ${typists}`)
  },
)

/** Types one token after the other, connected or for a while not, each as one edit at a place of chance. */
class Typist {
  readonly session: DocumentSession
  readonly #name: number
  readonly #random: Random
  #made = 0
  #mostSaved = 0
  #madeOffline = 0
  #timer: NodeJS.Timeout | undefined

  constructor({ name, session, random }: { name: number; session: DocumentSession; random: Random }) {
    this.#name = name
    this.session = session
    this.#random = random
    session.subscribe(() => (this.#mostSaved = Math.max(this.#mostSaved, this.#made - session.unsaved)))
    this.#rest()
  }

  typed(): string[] {
    return Array.from({ length: this.#made }, (_, index) => this.#token(index))
  }

  /** A person sees "saved" when nothing is unsaved; the count claims more, namely each edit up to it. */
  shownAsSaved(): string[] {
    return this.typed().slice(0, this.#mostSaved)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #rest(): void {
    this.#timer = setTimeout(() => {
      const isLive = this.session.state.type === 'live'
      this.#madeOffline = isLive ? 0 : this.#madeOffline + 1
      if (this.#madeOffline <= tokensOffline) this.#type()
      this.#rest()
    }, this.#random.below(maxRestMs))
  }

  #type(): void {
    const { text } = this.session
    // Between tokens, so that each can be found again.
    const place = text.toString().indexOf('>', this.#random.below(text.length + 1)) + 1
    const token = this.#token(this.#made++)
    text.insert(place, token)
  }

  #token(index: number): string {
    return `<${this.#name}:${index}>`
  }
}

/** Where sockets pass: while it is shut, a client that dials waits, as it does while a network is away. */
class Door {
  readonly Socket: typeof WebSocket
  #opened = Promise.withResolvers<void>()

  constructor() {
    this.#opened.resolve()
    const agent = new WaitingAgent(() => this.#opened.promise)
    this.Socket = class extends NodeWebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { agent })
      }
    } as unknown as typeof WebSocket // as in `stock-client.ts`
  }

  shut(): void {
    this.#opened = Promise.withResolvers<void>()
  }

  open(): void {
    this.#opened.resolve()
  }
}

class WaitingAgent extends Agent {
  readonly #mayPass: () => Promise<void>

  constructor(mayPass: () => Promise<void>) {
    super()
    this.#mayPass = mayPass
  }

  override createConnection(
    { host, port }: ClientRequestArgs,
    dialled?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    void this.#mayPass().then(() => dialled?.(null, connect(Number(port), host ?? undefined)))
  }
}
