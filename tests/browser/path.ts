/** The way from one browser to a server, which can be cut: then what is under way is lost, and nothing gets through. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

const badGateway = 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'

export class Path {
  /** What a browser goes to. */
  readonly url: string
  readonly #listener: Server
  readonly #open = new Set<Socket>()
  #port = 0
  #isCut = false
  #isAnsweringFor = false
  #isSilent = false

  private constructor(listener: Server) {
    const { port } = listener.address() as AddressInfo // it listens on a port, not on a pipe
    this.url = `http://127.0.0.1:${port}`
    this.#listener = listener
    listener.on('connection', (client) => this.#connected(client))
  }

  static async open(): Promise<Path> {
    const listener = createServer()
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    return new Path(listener)
  }

  leadTo(serverUrl: string): void {
    this.#port = Number(new URL(serverUrl).port)
  }

  cut(): void {
    this.#isCut = true
    for (const socket of this.#open) socket.destroy()
  }

  /** Nothing gets through, and nobody is told, as when a cable is pulled. */
  fallSilent(): void {
    this.#isSilent = true
    for (const socket of this.#open) socket.unpipe()
  }

  /** Nothing gets through, and whoever asks is told so, as a proxy does whose server is away. */
  answerFor(): void {
    this.cut()
    this.#isAnsweringFor = true
  }

  restore(): void {
    // What was lost meanwhile is not sent again here, as it is in truth.
    if (this.#isSilent) for (const socket of this.#open) socket.destroy()
    this.#isSilent = false
    this.#isCut = false
    this.#isAnsweringFor = false
  }

  close(): void {
    this.cut()
    this.#listener.close()
  }

  #connected(client: Socket): void {
    if (this.#isAnsweringFor) return void client.once('data', () => client.end(badGateway))
    if (this.#isCut) return void client.destroy()
    if (this.#isSilent) return this.#leaveUnanswered(client)
    const server = connect(this.#port, '127.0.0.1')
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#open.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        this.#open.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  }

  #leaveUnanswered(client: Socket): void {
    this.#open.add(client)
    client.on('error', () => undefined)
    client.on('close', () => this.#open.delete(client))
  }
}
