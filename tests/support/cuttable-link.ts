/** A network between a browser and a server that a test cuts and mends. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface CuttableLink {
  /** The server's URL as seen through the link. */
  readonly url: string
  /** Ends every connection, and each that is tried from now on. */
  cut(): void
  mend(): void
  close(): void
}

/** Whoever opens it closes it. */
export async function openCuttableLink(serverUrl: string): Promise<CuttableLink> {
  const { hostname, port } = new URL(serverUrl)
  const open = new Set<Socket>()
  let isCut = false
  const link = createServer((client) => {
    if (isCut) {
      client.destroy()
      return
    }
    const server = connect(Number(port), hostname)
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      open.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
    client.pipe(server).pipe(client)
  })
  link.listen(0, '127.0.0.1')
  await once(link, 'listening')
  const endAll = (): void => {
    for (const socket of open) socket.destroy()
  }
  const { port: ownPort } = link.address() as AddressInfo // it listens on a port, not on a pipe
  return {
    url: `http://127.0.0.1:${ownPort}`,
    cut() {
      isCut = true
      endAll()
    },
    mend() {
      isCut = false
    },
    close() {
      endAll()
      link.close()
    },
  }
}
