/** A network between a client and a server on which bytes for the client take their time. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { setTimeout as passed } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

export interface SlowLink {
  /** The server's URL as seen through the link. */
  readonly url: string
  /** How often somebody has connected through it. */
  readonly connections: number
}

/** Slices of a second in which bytes are let through: small enough for a steady trickle. */
const slicesPerSecond = 20

/** Closed with the test. */
export async function openSlowLink(serverUrl: string, bytesPerSecond: number): Promise<SlowLink> {
  const { hostname, port } = new URL(serverUrl)
  let connections = 0
  const open = new Set<Socket>()
  const link = createServer((client) => {
    connections++
    const server = connect(Number(port), hostname)
    for (const socket of [client, server]) {
      open.add(socket)
      socket.on('close', () => open.delete(socket))
    }
    const end = (): void => {
      client.destroy()
      server.destroy()
    }
    pipeline(client, server, end)
    pipeline(server, throttle(bytesPerSecond), client, end)
  })
  await new Promise<void>((resolve) => link.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    link.close()
  })
  const { port: ownPort } = link.address() as AddressInfo // it listens on a port, not on a pipe
  return {
    url: `${new URL(serverUrl).protocol}//127.0.0.1:${ownPort}`,
    get connections() {
      return connections
    },
  }
}

/** Lets a slice through, then waits for as long as the link would need for it. */
function throttle(bytesPerSecond: number) {
  const sliceBytes = Math.ceil(bytesPerSecond / slicesPerSecond)
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
    for await (const chunk of chunks)
      for (let start = 0; start < chunk.length; start += sliceBytes) {
        const slice = chunk.subarray(start, start + sliceBytes)
        yield slice
        await passed((slice.length * 1000) / bytesPerSecond)
      }
  }
}
